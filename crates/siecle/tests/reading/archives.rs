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

#[test]
fn two_rosters_are_ambiguous() {
    let file = minimal();
    let roster = file.as_bytes();
    assert_eq!(
        refusal_code(&zip(&[("a.xml", roster), ("b.xml", roster)])),
        Code::ZipAmbiguous
    );
    assert_eq!(
        refusal_code(&zip(&[("a.xml", roster), ("b.xml", b"<BEE_EPHC_ELEVES")])),
        Code::ZipAmbiguous
    );
    // Two members of one name.
    let mut twice = zip(&[("a.xml", roster), ("b.xml", roster)]);
    for at in 0..twice.len() - 5 {
        if twice[at..].starts_with(b"b.xml") {
            twice[at] = b'a';
        }
    }
    assert_eq!(refusal_code(&twice), Code::ZipAmbiguous);
}

#[test]
fn archives_are_bounded() {
    let blanks = vec![b' '; limits::XML_BYTES_MAX + 1];
    assert_eq!(refusal_code(&zip(&[("x.xml", &blanks)])), Code::TooLarge);
    let half = &blanks[..=limits::XML_BYTES_MAX / 2];
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
    let blanks = vec![b' '; limits::XML_BYTES_MAX + 1];
    let mut archive = zip(&[("x.xml", &blanks)]);
    let directory = memchr::memmem::rfind(&archive, b"PK\x01\x02").unwrap();
    archive[directory + 24..directory + 28].copy_from_slice(&10_u32.to_le_bytes());
    assert_eq!(refusal_code(&archive), Code::TooLarge);
}
