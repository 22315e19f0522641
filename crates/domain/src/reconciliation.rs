//! Reconciliation: which student of a school a signed-in pupil is.

pub mod birthdate;
pub mod carried;
pub mod decision;
pub mod evidence;

pub mod judging;
pub mod linking;
pub mod requests;
pub mod tries;

pub mod judge;
pub mod looking;
pub mod moving;
pub mod own;
pub mod settling;
pub mod store;
pub mod use_cases;

#[cfg(test)]
mod table;
#[cfg(test)]
mod testing;
