//! What a file may weigh. Beyond any of these it is refused as `too_large`, before the cost is paid.

/// Bytes of an upload, zipped or not.
pub const UPLOAD_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Bytes of XML over all the members of an archive, and bytes of the text once decoded to UTF-8.
pub const XML_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Pupils of a file, whatever becomes of them.
pub const STUDENTS_MAX: usize = 20_000;
/// Nodes of a tree: elements, texts, comments and instructions.
pub const NODES_MAX: u32 = 4_000_000;
/// Elements inside one another, the root being the first.
pub const DEPTH_MAX: usize = 32;
/// Members of an archive, hidden ones apart.
pub const MEMBERS_MAX: usize = 64;

/// Headers of members, hidden ones included: the archive's directory is not even read beyond.
pub(crate) const MEMBER_HEADERS_MAX: usize = 1024;
/// `<` and `=` of a text: the tree's builder reserves room for each one before it reads.
pub(crate) const MARKS_MAX: usize = 2 * NODES_MAX as usize;
/// Attributes of one element: comparing them for duplicates is quadratic.
pub(crate) const ATTRIBUTES_PER_ELEMENT_MAX: usize = 64;
/// Namespace declarations of a document: each element looks its own up among them.
pub(crate) const NAMESPACES_MAX: usize = 64;
/// Characters quoted from a file in a message.
pub(crate) const QUOTED_CHARS_MAX: usize = 80;
/// Divisions remembered of a pupil, besides the one kept: more are not worth naming.
pub(crate) const DIVISIONS_NAMED_MAX: usize = 6;
