//! What tests share: the stores' contract, stores in memory that pass it, time and randomness that a test holds,
//! and builders.
//!
//! Every adapter's tests invoke [`contract!`] with a function that makes fresh [`stores::Stores`]:
//!
//! ```text
//! async fn fresh() -> Stores { … }
//! pix_orga_testkit::contract!(fresh);
//! ```
//!
//! A subject adds its clauses in `contract/<subject>.rs`, with a macro that lists them, and that macro's name to
//! [`contract!`]; its part of the memory in `memory/<subject>.rs`; its ports to [`stores::Stores`].

#![expect(
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    reason = "a test says what is wrong by panicking"
)]

pub mod build;
pub mod contract;
pub mod fakes;
pub mod memory;
pub mod recording;
pub mod stores;
