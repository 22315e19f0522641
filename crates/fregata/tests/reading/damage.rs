//! Damaged bytes: there is always an answer, and it is bounded.

use pix_orga_fregata::{limits, recognises};
use proptest::prelude::*;

use super::fixture::{NOE, ZOE, answer, file};

fn good() -> Vec<u8> {
    file(&[NOE, ZOE, NOE]).into_bytes()
}

/// It answers, and no pupil is in two places.
fn must_answer(bytes: &[u8]) {
    let _ = recognises(bytes);
    match answer(bytes) {
        Ok(reading) => {
            let rows = bytes.len();
            assert!(!reading.students.is_empty());
            assert!(reading.students.len() + reading.withheld.len() <= rows);
            let end = u32::try_from(bytes.len() + 1).unwrap();
            for row in &reading.students {
                assert!((2..=end).contains(&row.line));
                assert!(!row.last_name.is_empty() && !row.division.is_empty());
            }
        }
        Err(refusal) => {
            assert!(refusal.partial.is_some());
        }
    }
}

proptest! {
    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        must_answer(&bytes);
    }

    #[test]
    fn a_file_cut_short_is_answered(end in 0_usize..700) {
        let bytes = good();
        must_answer(&bytes[..end.min(bytes.len())]);
    }

    #[test]
    fn flipped_bytes_are_answered(flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20)) {
        let mut bytes = good();
        for (at, byte) in flips {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        must_answer(&bytes);
    }

    #[test]
    fn tables_of_anything_are_answered(
        cells in prop::collection::vec("[a-zé\"';,\t\r\n0-9/ ]{0,8}", 0..120),
    ) {
        must_answer(format!("{}{}", file(&[NOE]), cells.join(";")).as_bytes());
    }

    #[test]
    fn a_part_of_the_file_repeated_is_answered(from in any::<prop::sample::Index>(), to in any::<prop::sample::Index>()) {
        let bytes = good();
        let (from, to) = (from.index(bytes.len()), to.index(bytes.len()));
        let part = &bytes[from.min(to)..from.max(to)];
        must_answer(&[&bytes[..], part, &bytes[..]].concat());
    }
}

#[test]
fn what_would_cost_too_much_is_refused() {
    for bytes in [
        vec![b'"'; limits::UPLOAD_BYTES_MAX],
        vec![b'\n'; limits::UPLOAD_BYTES_MAX],
        vec![b'\r'; limits::UPLOAD_BYTES_MAX],
        "a;".repeat(30_000_000).into_bytes(),
        "a,".repeat(30_000_000).into_bytes(),
        "é".repeat(30_000_000).into_bytes(),
        format!("{}{}", file(&[]), "\"".repeat(30_000_000)).into_bytes(),
        format!("{}\"{}", file(&[]), "x;\n".repeat(10_000_000)).into_bytes(),
    ] {
        assert!(answer(&bytes).is_err());
    }
}
