//! The official directory's CSV, or whatever an operator takes for it: read and sorted out without panic.
//!
//! The reader is the binary's own: its modules are taken from there.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pix_orga_domain::organization::directory::sifting::Sifted;

#[path = "../../crates/server/src/directory/encoding.rs"]
#[expect(dead_code, reason = "the binary uses the rest")]
mod encoding;
#[path = "../../crates/server/src/directory/table.rs"]
mod table;

fuzz_target!(|bytes: &[u8]| {
    let Ok(decoded) = encoding::decode(bytes) else {
        return;
    };
    if let Ok(table) = table::read(&decoded.text) {
        let _ = Sifted::of(table.rows);
    }
});
