//! Reading an uploaded file: what the domain asks, and of whom.

use async_trait::async_trait;
use jiff::civil::Date;

use super::reading::{FileRefusal, Reading};
use super::source::RosterSource;
use crate::organization::Organization;
use crate::store::Failure;
use crate::uai::Uai;

/// The school that a file is read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadFor {
    /// The UAI that a file must bear, where its system writes one.
    pub uai: Uai,
    /// The system that its exports come from.
    pub source: RosterSource,
}

impl ReadFor {
    /// A school, as the directory knows it.
    pub fn school(school: &Organization) -> Self {
        Self {
            uai: school.uai,
            source: RosterSource::of(school),
        }
    }
}

/// Turns the bytes of an export into rows and remarks. It is bounded, does no I/O and never panics.
pub trait RosterReader: Send + Sync {
    /// Reads a file for a school; `on` is the reference day: who left before it is set aside. A system whose files name
    /// no school cannot check `expected`.
    ///
    /// # Errors
    /// The refusal of the whole file.
    fn read(&self, bytes: &[u8], expected: Uai, on: Date) -> Result<Reading, FileRefusal>;
}

/// Chooses the school's [`RosterReader`] and runs it where it blocks nobody: a pool of threads in the product.
#[async_trait]
pub trait ReadingRoom: Send + Sync {
    /// Reads a file for a school; the outer error is the room's own: the reading was cut short.
    async fn read(
        &self,
        bytes: Vec<u8>,
        school: ReadFor,
        on: Date,
    ) -> Result<Result<Reading, FileRefusal>, Failure>;
}
