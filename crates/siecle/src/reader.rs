//! The domain's port of reading, answered.

use jiff::civil::Date;
use pix_orga_domain::roster::reader::RosterReader;
use pix_orga_domain::roster::reading::{FileRefusal, Reading};
use pix_orga_domain::uai::Uai;

use crate::{Request, read};

/// Reads SIECLE exports for imports: [`read`], as the domain asks for it.
#[derive(Debug, Clone, Copy, Default)]
pub struct SiecleReader;

impl RosterReader for SiecleReader {
    fn read(&self, bytes: &[u8], expected: Uai, on: Date) -> Result<Reading, FileRefusal> {
        read(&Request {
            bytes,
            expected_uai: expected,
            reference_day: on,
        })
    }
}
