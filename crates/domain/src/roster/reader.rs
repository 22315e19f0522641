//! Reading an uploaded file: what the domain asks, and of whom.

use async_trait::async_trait;
use jiff::civil::Date;

use super::reading::{FileRefusal, Reading};
use crate::store::Failure;
use crate::uai::Uai;

/// Turns the bytes of an export into rows and remarks. It is bounded, does no I/O and never panics.
pub trait RosterReader: Send + Sync {
    /// Reads a file for a school; `on` is the reference day: who left before it is set aside.
    ///
    /// # Errors
    /// The refusal of the whole file.
    fn read(&self, bytes: &[u8], expected: Uai, on: Date) -> Result<Reading, FileRefusal>;
}

/// Runs a [`RosterReader`] where it blocks nobody: a pool of threads in the product.
#[async_trait]
pub trait ReadingRoom: Send + Sync {
    /// Reads a file for a school; the outer error is the room's own: the reading was cut short.
    async fn read(
        &self,
        bytes: Vec<u8>,
        expected: Uai,
        on: Date,
    ) -> Result<Result<Reading, FileRefusal>, Failure>;
}
