//! The stores on PostgreSQL, on a server that the tests are given.
#![expect(clippy::unwrap_used, reason = "a test says what is wrong by panicking")]

#[path = "postgres/support.rs"]
mod support;

#[path = "postgres/contract.rs"]
mod contract;
#[path = "postgres/counters.rs"]
mod counters;
#[path = "postgres/failing.rs"]
mod failing;
#[path = "postgres/linked_at.rs"]
mod linked_at;
#[path = "postgres/opening.rs"]
mod opening;
#[path = "postgres/pooled.rs"]
mod pooled;
#[path = "postgres/tls.rs"]
mod tls;
