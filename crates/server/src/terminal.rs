//! What the program says to the person at the terminal.

use std::io::Write as _;

/// Writes a line on the standard output. A closed output is no fault of ours.
pub fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// Writes a line on the error output.
pub fn say_error(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}
