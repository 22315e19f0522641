//! The domain's port of reading, answered.

use jiff::civil::Date;
use pix_orga_domain::roster::reader::RosterReader;
use pix_orga_domain::roster::reading::{FileRefusal, Reading};
use pix_orga_domain::uai::Uai;

use crate::{Request, read};

/// Reads Fregata's exports for imports: [`read`], as the domain asks for it.
#[derive(Debug, Clone, Copy, Default)]
pub struct FregataReader;

impl RosterReader for FregataReader {
    fn read(&self, bytes: &[u8], _: Uai, on: Date) -> Result<Reading, FileRefusal> {
        read(&Request {
            bytes,
            reference_day: on,
        })
    }
}
