//! What journeys are made of: the real binary on a free port and a fresh database, and a browser that follows links
//! and sends forms without a script.
#![expect(
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    reason = "this is test code: what fails must say so at once"
)]

pub mod browser;
pub mod configured;
pub mod database;
pub mod demo;
pub mod disk;
pub mod export;
pub mod foreign;
pub mod fregata;
pub mod page;
pub mod pair;
pub mod pause;
pub mod people;
pub mod proxy;
pub mod pupils;
pub mod raw;
pub mod readiness;
pub mod served;
pub mod tools;

pub use browser::Browser;
pub use configured::Configured;
pub use database::Database;
pub use demo::Demo;
pub use disk::Disk;
pub use page::Page;
pub use pair::Pair;
pub use proxy::Proxy;
pub use raw::RawClient;
