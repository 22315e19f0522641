//! What both stores read and write: rows as their queries give them, turned into the domain's values, and the columns
//! that their writes set.
//!
//! The two databases hold the same things in the same way: instants as microseconds, civil dates as `YYYY-MM-DD`,
//! structured values as JSON. So rows are written once, here. Queries, which differ, are each store's; nothing here
//! knows a database.
#![expect(
    missing_docs,
    reason = "a field is the column of its name; what reads a row or a column is documented"
)]

pub mod value;

pub mod audit;
pub mod outbox;

pub mod onboarding;
pub mod organization;

pub mod account;
pub mod invitation;
pub mod session;
pub mod sign_in;
pub mod team;
pub mod terms;

pub mod import;
pub mod roster;
pub mod student;

pub mod campaign;
pub mod link;
pub mod pupil;
pub mod request;
