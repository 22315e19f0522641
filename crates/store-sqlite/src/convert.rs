//! Errors of the library, as the domain's.

use pix_orga_domain::store::Failure;
use pix_orga_store_pool::is_fault;

use crate::backend::Backend;

/// Turns the library's errors into the domain's.
pub(crate) trait OrFailure<T> {
    /// The same, opaque.
    fn or_failure(self) -> Result<T, Failure>;
}

impl<T> OrFailure<T> for Result<T, sqlx::Error> {
    fn or_failure(self) -> Result<T, Failure> {
        self.map_err(failure)
    }
}

/// The same error, opaque, and whether the database is to blame.
pub(crate) fn failure(error: sqlx::Error) -> Failure {
    if is_fault::<Backend>(&error) {
        Failure::outage(error)
    } else {
        Failure::new(error)
    }
}
