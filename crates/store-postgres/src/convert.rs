//! Errors of the library, as the domain's.

use pix_orga_domain::store::Failure;

/// Turns the library's errors into the domain's.
pub(crate) trait OrFailure<T> {
    /// The same, opaque.
    fn or_failure(self) -> Result<T, Failure>;
}

impl<T> OrFailure<T> for Result<T, sqlx::Error> {
    fn or_failure(self) -> Result<T, Failure> {
        self.map_err(Failure::new)
    }
}
