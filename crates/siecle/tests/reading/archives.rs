//! Archives: what is in them, and which of it is read.

use pix_orga_domain::roster::reading::FileRefusalCode as Code;
use pix_orga_siecle::limits;

use crate::fixture::*;

const PARENTS: &[u8] = b"<BEE_RESPONSABLES/>";

/// Sets the "encrypted" flag of a member, in its two headers.
fn lock(archive: &mut [u8], name: &str) {
    for (magic, flags, at) in [(b"PK\x03\x04", 6, 30), (b"PK\x01\x02", 8, 46)] {
        for start in 0..archive.len().saturating_sub(at) {
            if archive[start..].starts_with(magic)
                && archive[start + at..].starts_with(name.as_bytes())
            {
                archive[start + flags] |= 1;
            }
        }
    }
}

#[test]
fn the_one_roster_is_read_whatever_its_name_and_neighbours() {
    let file = minimal();
    let roster = file.as_bytes();
    for members in [
        vec![("ElevesSansAdresses.xml", roster)],
        vec![("../../x.XML", roster)],
        vec![("/a/b\\c.xml", roster)],
        vec![("lisez-moi.txt", b"x".as_slice()), ("x.xml", roster)],
        vec![
            ("x.xml", roster),
            ("__MACOSX/._x.xml", b"\0\x05".as_slice()),
            (".y.xml", roster),
        ],
        vec![("Responsables.xml", PARENTS), ("x.xml", roster)],
        vec![("a.xml", b"<a".as_slice()), ("x.xml", roster)],
    ] {
        assert_eq!(
            accepted(&zip(&members)).students.len(),
            1,
            "{:?}",
            members[0].0
        );
    }
}

#[test]
fn damaged_archives_are_unreadable() {
    let whole = zip(&[("x.xml", minimal().as_bytes())]);
    for length in [2, 3, 4, 30, 60, whole.len() / 2, whole.len() - 1] {
        assert_eq!(
            refusal_code(&whole[..length]),
            Code::ZipUnreadable,
            "{length}"
        );
    }
    let mut flipped = whole.clone();
    flipped[80] ^= 0xFF;
    assert_eq!(refusal_code(&flipped), Code::ZipUnreadable);
}

#[test]
fn passwords_are_said() {
    let file = minimal();
    let mut archive = zip(&[("x.xml", file.as_bytes())]);
    lock(&mut archive, "x.xml");
    assert_eq!(refusal_code(&archive), Code::ZipEncrypted);
    let mut archive = zip(&[("x.pdf", b"x")]);
    lock(&mut archive, "x.pdf");
    assert_eq!(refusal_code(&archive), Code::ZipEncrypted);
    let mut archive = zip(&[("x.pdf", b"x"), ("x.xml", file.as_bytes())]);
    lock(&mut archive, "x.pdf");
    assert_eq!(accepted(&archive).students.len(), 1);
}

#[test]
fn archives_without_roster_say_what_they_hold() {
    let file = minimal();
    for (members, code) in [
        (vec![], Code::ZipWithoutRoster),
        (vec![("x.txt", file.as_bytes())], Code::ZipWithoutRoster),
        (vec![(".x.xml", file.as_bytes())], Code::ZipWithoutRoster),
        (
            vec![("a.xml", b"<a/>".as_slice()), ("b.xml", b"<b/>")],
            Code::ZipWithoutRoster,
        ),
        (
            vec![("a.xml", b"<a/>".as_slice()), ("b.xml", PARENTS)],
            Code::WrongExport,
        ),
        (
            vec![
                ("[Content_Types].xml", b"<Types/>".as_slice()),
                ("xl/workbook.xml", b"<workbook/>"),
            ],
            Code::NotSiecle,
        ),
        (
            vec![
                ("mimetype", b"application/x".as_slice()),
                ("content.xml", b"<a/>"),
            ],
            Code::NotSiecle,
        ),
        (
            vec![("a/mimetype", b"application/x".as_slice())],
            Code::ZipWithoutRoster,
        ),
    ] {
        assert_eq!(refusal_code(&zip(&members)), code, "{members:?}");
    }
}

#[test]
fn the_only_xml_member_gets_its_own_refusal() {
    for (content, code) in [
        (&b""[..], Code::EmptyFile),
        (b"<a", Code::MalformedXml),
        (b"<a/>", Code::NotSiecle),
        (b"<!DOCTYPE html>", Code::NotSiecle),
        (b"<!DOCTYPE a><a/>", Code::DoctypeForbidden),
        (
            b"<?xml version='1.0' encoding='klingon'?><a/>",
            Code::UnsupportedEncoding,
        ),
        (PARENTS, Code::WrongExport),
        (b"<BEE_ELEVES/>", Code::UaiMissing),
    ] {
        assert_eq!(
            refusal_code(&zip(&[("x.xml", content), ("x.txt", b"x")])),
            code
        );
    }
}

/// Sets the method of a member in its two headers.
fn compressed_by(archive: &mut [u8], name: &str, method: u16) {
    for (magic, field, at) in [(b"PK\x03\x04", 8, 30), (b"PK\x01\x02", 10, 46)] {
        for start in 0..archive.len().saturating_sub(at) {
            if archive[start..].starts_with(magic)
                && archive[start + at..].starts_with(name.as_bytes())
            {
                archive[start + field..start + field + 2].copy_from_slice(&method.to_le_bytes());
            }
        }
    }
}

#[test]
fn a_method_that_is_not_read_is_named() {
    let file = minimal();
    for (method, name) in [
        (1, "Shrink"),
        (6, "Implode"),
        (9, "Deflate64"),
        (12, "bzip2"),
        (14, "LZMA"),
        (93, "Zstandard (zstd)"),
        (95, "xz"),
        (98, "PPMd"),
        (200, "nº 200"),
    ] {
        let mut archive = zip(&[("x.xml", file.as_bytes())]);
        compressed_by(&mut archive, "x.xml", method);
        let refusal = refused(&archive);
        assert_eq!(refusal.code, Code::ZipMethodUnsupported, "{name}");
        assert!(
            said(&refusal).contains(&format!("({name})")),
            "{}",
            said(&refusal)
        );
        // Beside another that is no roster.
        let mut archive = zip(&[("x.xml", file.as_bytes()), ("y.xml", PARENTS)]);
        compressed_by(&mut archive, "x.xml", method);
        assert_eq!(refusal_code(&archive), Code::ZipMethodUnsupported);
    }
}

#[test]
fn what_is_not_the_roster_hinders_nothing() {
    let file = minimal();
    let archive = || {
        zip(&[
            ("a.xml", b"<a/>"),
            ("x.xml", file.as_bytes()),
            ("z.txt", b"z"),
        ])
    };
    for other in ["a.xml", "z.txt"] {
        let mut bzip2 = archive();
        compressed_by(&mut bzip2, other, 12);
        assert_eq!(accepted(&bzip2).students.len(), 1, "{other}");
        let mut locked = archive();
        lock(&mut locked, other);
        assert_eq!(accepted(&locked).students.len(), 1, "{other}");
        let mut damaged = archive();
        let at = memchr::memmem::find(&damaged, other.as_bytes()).unwrap();
        damaged[at + other.len()] ^= 0x55;
        assert_eq!(accepted(&damaged).students.len(), 1, "{other}");
    }
    let mut roster = archive();
    lock(&mut roster, "x.xml");
    assert_eq!(refusal_code(&roster), Code::ZipEncrypted);
}

#[test]
fn two_rosters_are_ambiguous_unless_they_are_the_same() {
    let file = minimal();
    let roster = file.as_bytes();
    let other = file.replace("Léa", "Zoé");
    let other = other.as_bytes();
    for (members, read) in [
        ([("a.xml", roster), ("b.xml", roster)], true),
        ([("a.xml", roster), ("copie/a.xml", roster)], true),
        ([("a.xml", roster), ("b.xml", other)], false),
        ([("a.xml", roster), ("b.xml", b"<BEE_EPHC_ELEVES")], false),
    ] {
        if read {
            assert_eq!(accepted(&zip(&members)).students.len(), 1);
        } else {
            assert_eq!(refusal_code(&zip(&members)), Code::ZipAmbiguous);
        }
    }
    let three = [("a.xml", roster), ("b.xml", other), ("c.xml", roster)];
    assert_eq!(refusal_code(&zip(&three)), Code::ZipAmbiguous);
    // Two members of one name.
    for (second, read) in [(roster, true), (other, false)] {
        let mut twice = zip(&[("a.xml", roster), ("b.xml", second)]);
        for at in 0..twice.len() - 5 {
            if twice[at..].starts_with(b"b.xml") {
                twice[at] = b'a';
            }
        }
        if read {
            assert_eq!(accepted(&twice).students.len(), 1);
        } else {
            assert_eq!(refusal_code(&twice), Code::ZipAmbiguous);
        }
    }
}

#[test]
fn an_archive_in_an_archive_is_named() {
    let file = minimal();
    let inner = zip(&[("x.xml", file.as_bytes())]);
    let mut tar = vec![b'a'; 600];
    tar[257..262].copy_from_slice(b"ustar");
    for (members, name) in [
        (
            vec![("ExportXML_Eleves.zip", inner.as_slice())],
            "ExportXML_Eleves.zip",
        ),
        (
            vec![("dossier/SIECLE.ZIP", &inner), ("lisez-moi.txt", b"x")],
            "SIECLE.ZIP",
        ),
        // Told by their bytes.
        (vec![("liste", &inner)], "liste"),
        (vec![("liste.xml", &inner)], "liste.xml"),
        (vec![("liste.dat", b"7z\xBC\xAF\x27\x1C")], "liste.dat"),
        (vec![("liste.dat", b"Rar!\x1A")], "liste.dat"),
        (vec![("liste.dat", b"\x1F\x8B\x08")], "liste.dat"),
        (vec![("liste.dat", &tar)], "liste.dat"),
        // Told by their names.
        (vec![("x.z01", b"x")], "x.z01"),
        (vec![("x.xml.gz", b"x")], "x.xml.gz"),
        (
            vec![("a.xml", b"<a/>"), ("b.xml", b"<b/>"), ("x.7z", b"x")],
            "x.7z",
        ),
    ] {
        let refusal = refused(&zip(&members));
        assert_eq!(refusal.code, Code::ZipWithoutRoster, "{name}");
        assert_eq!(refusal.values.case(), Some("archive_within"));
        assert!(
            said(&refusal).contains(&format!("« {name} »")),
            "{}",
            said(&refusal)
        );
    }
    let beside = zip(&[("x.xml", file.as_bytes()), ("x.zip", &inner)]);
    assert_eq!(accepted(&beside).students.len(), 1);
}

#[test]
fn a_document_of_an_office_suite_is_no_archive() {
    let book = zip(&[("[Content_Types].xml", b"<Types/>")]);
    let refusal = refused(&zip(&[("liste.xlsx", &book)]));
    assert_eq!(refusal.code, Code::ZipWithoutRoster);
    assert_eq!(refusal.values.case(), Some("none"));
}

#[test]
fn tables_in_an_archive_are_called_what_they_are() {
    let list = b"NOM;PRENOM;SEXE;NE(E) LE;MEF;DIV.\r\nA;B;F;01/02/2012;x;3A";
    for (name, content, case) in [
        (
            "EXP_Liste_des_eleves_par_division.csv",
            &list[..],
            "class_list",
        ),
        (
            "ElevesComplete.xls",
            b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
            "excel_complete",
        ),
        (
            "sauvegarde/ExportExcel_ElevesComplete.xlsx",
            b"PK\x03\x04",
            "excel_complete",
        ),
    ] {
        let refusal = refused(&zip(&[(name, content)]));
        assert_eq!(refusal.code, Code::WrongExport, "{name}");
        assert_eq!(refusal.values.case(), Some(case));
    }
}

#[test]
fn a_part_of_an_archive_is_named() {
    let noise: Vec<u8> = (0..100_000_u32)
        .flat_map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes())
        .collect();
    let whole = zip(&[("x.xml", minimal().as_bytes()), ("noise.bin", &noise)]);
    let half = whole.len() / 2;
    // The last part, as tools that cut an archive like any file make it.
    let last = refused(&whole[half..]);
    assert_eq!(
        (last.code, last.values.case()),
        (Code::ZipUnreadable, Some("volume"))
    );
    assert!(said(&last).contains("un morceau d’une archive"));
    // As those who write parts do: each has its number.
    let mut numbered = whole.clone();
    let end = memchr::memmem::rfind(&whole, b"PK\x05\x06").unwrap();
    numbered[end + 4..end + 6].copy_from_slice(&3_u16.to_le_bytes());
    for start in [0, half] {
        let last = refused(&numbered[start..]);
        assert_eq!(
            (last.code, last.values.case()),
            (Code::ZipUnreadable, Some("volume"))
        );
    }
    let mut first = b"PK\x07\x08".to_vec();
    first.extend_from_slice(&whole[..half]);
    let first = refused(&first);
    assert_eq!(
        (first.code, first.values.case()),
        (Code::ZipUnreadable, Some("volume"))
    );
    let unmarked = refused(&whole[..half]);
    assert_eq!(unmarked.values.case(), Some("cut_short"));
    assert!(said(&unmarked).contains("premier morceau d’une archive"));
    // Nothing marks a part from the middle: it is compressed bytes.
    let middle = refused(&whole[half..half + 20_000]);
    assert_eq!(
        (middle.code, middle.values.case()),
        (Code::NotSiecle, Some("compressed"))
    );
    assert!(said(&middle).contains("un morceau d’une archive"));
}

#[test]
fn archives_are_bounded() {
    let blanks = vec![b' '; limits::TEXT_BYTES_MAX + 1];
    assert_eq!(refusal_code(&zip(&[("x.xml", &blanks)])), Code::TooLarge);
    let half = &blanks[..=limits::TEXT_BYTES_MAX / 2];
    assert_eq!(
        refusal_code(&zip(&[("x.xml", half), ("y.xml", half)])),
        Code::TooLarge
    );
    assert_eq!(
        refusal_code(&zip(&[("x.xml", half), ("y.txt", half)])),
        Code::EmptyFile
    );

    let names: Vec<String> = (0..=limits::MEMBERS_MAX)
        .map(|n| format!("{n}.txt"))
        .collect();
    let mut members: Vec<(&str, &[u8])> = names
        .iter()
        .map(|name| (name.as_str(), &b"x"[..]))
        .collect();
    assert_eq!(refusal_code(&zip(&members)), Code::TooLarge);
    members.pop();
    assert_eq!(refusal_code(&zip(&members)), Code::ZipWithoutRoster);
}

#[test]
fn a_size_that_lies_is_not_believed() {
    let blanks = vec![b' '; limits::TEXT_BYTES_MAX + 1];
    let mut archive = zip(&[("x.xml", &blanks)]);
    let directory = memchr::memmem::rfind(&archive, b"PK\x01\x02").unwrap();
    archive[directory + 24..directory + 28].copy_from_slice(&10_u32.to_le_bytes());
    assert_eq!(refusal_code(&archive), Code::TooLarge);
}
