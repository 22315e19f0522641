//! Files that an engine made, and an honest reader would not: kept by `cargo xtask fuzz`, read as any other.

use std::fs;
use std::path::Path;

use jiff::civil::date;
use pix_orga_fregata::{Request, read, recognises};

#[test]
fn files_that_an_engine_made_are_read_the_same_way_twice_and_never_break_the_reader() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzzed");
    let mut files = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        let request = Request {
            bytes: &bytes,
            reference_day: date(2026, 9, 10),
        };
        let _ = recognises(&bytes);
        let once = read(&request);
        assert!(once == read(&request), "{}", path.display());
        if let Err(refusal) = once {
            assert!(refusal.partial.is_some(), "{}", path.display());
        }
        files += 1;
    }
    assert!(files > 0, "none is left");
}
