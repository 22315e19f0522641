//! What a file may weigh. Beyond any of these it is refused as `too_large`, before the cost is paid. Those of uploads,
//! archives, texts and pupils are every export's.

pub use pix_orga_exports::limits::{MEMBERS_MAX, STUDENTS_MAX, TEXT_BYTES_MAX, UPLOAD_BYTES_MAX};

/// Cells of a table, the empty ones included.
pub const CELLS_MAX: usize = 2_000_000;

/// Characters of a pupil's number: an INE has 11.
pub(crate) const NUMBER_CHARS_MAX: usize = 32;
/// Columns that are looked at in a header, and the longest header of one.
pub(crate) const COLUMNS_MAX: usize = 256;
pub(crate) const HEADER_BYTES_MAX: usize = 256;
/// How much of a file is looked at to tell whether it is Fregata's: its header.
pub(crate) const HEAD_BYTES: usize = 64 * 1024;
