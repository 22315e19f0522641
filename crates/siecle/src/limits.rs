//! What a file may weigh. Beyond any of these it is refused as `too_large`, before the cost is paid. Those of uploads,
//! archives, texts and pupils are every export's.

pub use pix_orga_exports::limits::{MEMBERS_MAX, STUDENTS_MAX, TEXT_BYTES_MAX, UPLOAD_BYTES_MAX};

/// Nodes of a tree: elements, texts, comments and instructions.
pub const NODES_MAX: u32 = 4_000_000;
/// Elements inside one another, the root being the first.
pub const DEPTH_MAX: usize = 32;

/// `<` and `=` of a text: the tree's builder reserves room for each one before it reads.
pub(crate) const MARKS_MAX: usize = 2 * NODES_MAX as usize;
/// Attributes of one element: comparing them for duplicates is quadratic.
pub(crate) const ATTRIBUTES_PER_ELEMENT_MAX: usize = 64;
/// Namespace declarations of a document: each element looks its own up among them.
pub(crate) const NAMESPACES_MAX: usize = 64;
/// Divisions remembered of a pupil, besides the one kept: more are not worth naming.
pub(crate) const DIVISIONS_NAMED_MAX: usize = 6;
