//! Reconciliation: which student of a school a signed-in pupil is.
