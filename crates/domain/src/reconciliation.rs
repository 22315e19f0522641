//! Reconciliation: which student of a school a signed-in pupil is.

pub mod birthdate;
pub mod carried;
pub mod decision;
pub mod evidence;

#[cfg(test)]
mod simulation;
#[cfg(test)]
mod table;
#[cfg(test)]
mod testing;
