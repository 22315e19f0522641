//! Damaged bytes: never a panic, and never more than the file could hold.

use pix_orga_domain::roster::source::RosterSource::Siecle;
use pix_orga_remarks::check::{to_json, to_text};
use proptest::prelude::*;

use crate::fixture::*;

/// A file with a bit of everything.
fn rich() -> Vec<u8> {
    let pupils = [
        eleve(2, &sound(2)),
        eleve(
            3,
            "<ID_NATIONAL>x</ID_NATIONAL><PRENOM>HÃ©lÃšne</PRENOM><DATE_SORTIE>demain</DATE_SORTIE>",
        ),
        eleve(
            4,
            &format!("{}<DATE_SORTIE>01/09/2025</DATE_SORTIE>", sound(2)),
        ),
        eleve(5, &sound(2)),
        format!("<ELEVE>{}</ELEVE>", sound(6)),
    ];
    let pupils: Vec<&str> = pupils.iter().map(String::as_str).collect();
    let structures = [
        in_division(2, "3B"),
        in_division(3, "3B"),
        in_division(3, "Inactifs"),
        in_division(5, "3C"),
    ];
    with(&pupils, &structures.concat()).into_bytes()
}

fn answered(bytes: &[u8]) {
    let outcome = reading(bytes);
    let json = serde_json::to_string(&to_json(&outcome, Siecle)).unwrap();
    let text = to_text(&outcome, Siecle);
    // A remark repeats a pupil's names a few times; nothing repeats the file.
    let bound = 100 * bytes.len().max(rich().len()) + 10_000;
    assert!(json.len() < bound && text.len() < bound);
    let reading = match outcome {
        Ok(reading) => {
            assert!(!reading.students.is_empty());
            reading
        }
        Err(refusal) => *refusal.partial.unwrap(),
    };
    for student in &reading.students {
        assert!(
            !student.first_name.is_empty()
                && !student.last_name.is_empty()
                && !student.division.is_empty()
        );
        assert!(student.line > 0);
    }
}

fn sources() -> impl Strategy<Value = Vec<u8>> {
    let xml = rich();
    let latin = iso(&String::from_utf8(rich()).unwrap());
    let wide: Vec<u8> = format!("\u{FEFF}{}", String::from_utf8(rich()).unwrap())
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let zipped = zip(&[
        ("a/x.xml", &xml),
        ("__MACOSX/._x.xml", b"x"),
        ("r.xml", b"<BEE_RESPONSABLES/>"),
    ]);
    prop_oneof![Just(xml), Just(latin), Just(wide), Just(zipped)]
}

#[test]
fn the_rich_file_is_read() {
    assert_eq!(accepted(&rich()).students.len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn cut_short(source in sources(), at in any::<prop::sample::Index>()) {
        answered(&source[..at.index(source.len())]);
    }

    #[test]
    fn flipped(source in sources(), flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20)) {
        let mut bytes = source;
        for (at, value) in flips {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        answered(&bytes);
    }

    #[test]
    fn spliced(
        source in sources(),
        other in sources(),
        cuts in any::<[prop::sample::Index; 4]>(),
    ) {
        let [from, to, start, end] = [
            cuts[0].index(source.len()),
            cuts[1].index(source.len()),
            cuts[2].index(other.len()),
            cuts[3].index(other.len()),
        ];
        let mut bytes = source[..from].to_vec();
        bytes.extend_from_slice(&other[start.min(end)..start.max(end)]);
        bytes.extend_from_slice(&source[to..]);
        answered(&bytes);
    }

    #[test]
    fn random(bytes in prop::collection::vec(any::<u8>(), 0..2000), zip in any::<bool>()) {
        let mut bytes = bytes;
        if zip {
            bytes.splice(0..0, *b"PK\x03\x04");
        }
        answered(&bytes);
    }

    #[test]
    fn random_markup(parts in prop::collection::vec(prop::sample::select(vec![
        "<BEE_ELEVES>", "</BEE_ELEVES>", "<DONNEES>", "</DONNEES>", "<ELEVES>", "</ELEVES>", "<ELEVE ELEVE_ID='1'>",
        "</ELEVE>", "<PRENOM>", "</PRENOM>", "<!--", "-->", "<![CDATA[", "]]>", "<?", "?>", "&#233;", "&", "x", "\n",
        "<!DOCTYPE a>", "'", "\"", "<STRUCTURES>", "</STRUCTURES>", PARAMETERS,
    ]), 0..60)) {
        answered(parts.concat().as_bytes());
    }
}
