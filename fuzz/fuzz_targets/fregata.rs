//! A Fregata export, CSV or zip: read within its limits, without panic, and the same way twice.
#![no_main]

use jiff::civil::date;
use libfuzzer_sys::fuzz_target;
use pix_orga_fregata::{Request, read, recognises};

fuzz_target!(|bytes: &[u8]| {
    let request = Request {
        bytes,
        reference_day: date(2026, 9, 10),
    };
    let _ = recognises(bytes);
    let once = read(&request);
    assert!(once == read(&request), "one file, two readings");
    if let Err(refusal) = once {
        assert!(refusal.partial.is_some(), "a refusal without what is known");
    }
});
