//! A PostgreSQL for the length of a command or of a test.
//!
//! [`Binaries::found`] looks for a server on the machine, [`Cluster::start`] makes a throwaway one with it,
//! [`database_url`] names a database of a server, and [`Pooler::start`] puts a pooler before one. Nothing is installed here:
//! `cargo xtask` does that, and says so.

pub mod binaries;
pub mod cluster;
pub mod databases;
pub mod pooler;

pub use binaries::Binaries;
pub use cluster::Cluster;
pub use databases::database_url;
pub use pooler::Pooler;
