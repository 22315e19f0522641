//! What any export may weigh. Beyond one of these it is refused as `too_large`, before the cost is paid.

/// Bytes of an upload, zipped or not.
pub const UPLOAD_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Bytes over the opened members of an archive, and bytes of a text once decoded to UTF-8.
pub const TEXT_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Pupils of a file, whatever becomes of them.
pub const STUDENTS_MAX: usize = 20_000;
/// Members of an archive, hidden ones apart.
pub const MEMBERS_MAX: usize = 64;
/// Characters quoted from a file in a message.
pub const QUOTED_CHARS_MAX: usize = 80;

/// Headers of members, hidden ones included: the archive's directory is not even read beyond.
pub(crate) const MEMBER_HEADERS_MAX: usize = 1024;
