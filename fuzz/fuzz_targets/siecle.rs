//! A SIECLE export, XML or zip: read within its limits, without panic, and the same way twice.
#![no_main]

use jiff::civil::date;
use libfuzzer_sys::fuzz_target;
use pix_orga_domain::uai::Uai;
use pix_orga_siecle::{Request, read, recognises};

fuzz_target!(|bytes: &[u8]| {
    let request = Request {
        bytes,
        expected_uai: Uai::parse("0059900J").unwrap(),
        reference_day: date(2026, 9, 10),
    };
    let _ = recognises(bytes);
    let once = read(&request);
    assert!(once == read(&request), "one file, two readings");
    if let Err(refusal) = once {
        assert!(refusal.partial.is_some(), "a refusal without what is known");
    }
});
