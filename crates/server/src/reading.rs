//! Which reader a file is given to: the one of the school's system, unless the file is plainly the other's.

use async_trait::async_trait;
use jiff::civil::Date;
use pix_orga_domain::roster::reader::{ReadFor, ReadingRoom};
use pix_orga_domain::roster::reading::{FileRefusal, Reading};
use pix_orga_domain::roster::source::RosterSource;
use pix_orga_domain::store::Failure;
use pix_orga_domain::uai::Uai;

/// Reads a file for a school.
///
/// # Errors
/// The refusal of the whole file; `wrong_export` for one of the other system.
pub fn read(bytes: &[u8], school: ReadFor, on: Date) -> Result<Reading, FileRefusal> {
    match school.source {
        RosterSource::Siecle => read_siecle(bytes, school.uai, on),
        RosterSource::Fregata => read_fregata(bytes, on),
    }
}

fn read_siecle(
    bytes: &[u8],
    expected_uai: Uai,
    reference_day: Date,
) -> Result<Reading, FileRefusal> {
    if pix_orga_fregata::recognises(bytes) {
        return Err(FileRefusal::other_system(RosterSource::Fregata));
    }
    pix_orga_siecle::read(&pix_orga_siecle::Request {
        bytes,
        expected_uai,
        reference_day,
    })
}

/// Reads a file of Fregata's, which names no school.
///
/// # Errors
/// As [`read`].
pub fn read_fregata(bytes: &[u8], reference_day: Date) -> Result<Reading, FileRefusal> {
    if pix_orga_siecle::recognises(bytes) {
        return Err(FileRefusal::other_system(RosterSource::Siecle));
    }
    pix_orga_fregata::read(&pix_orga_fregata::Request {
        bytes,
        reference_day,
    })
}

/// The system that a file comes from, by its content alone. What is neither's is read as SIECLE's, to be refused.
pub fn source_of(bytes: &[u8]) -> RosterSource {
    if pix_orga_fregata::recognises(bytes) {
        RosterSource::Fregata
    } else {
        RosterSource::Siecle
    }
}

/// Reads files off the server's own threads.
pub struct Room;

#[async_trait]
impl ReadingRoom for Room {
    async fn read(
        &self,
        bytes: Vec<u8>,
        school: ReadFor,
        on: Date,
    ) -> Result<Result<Reading, FileRefusal>, Failure> {
        let reading = tokio::task::spawn_blocking(move || read(&bytes, school, on));
        reading.await.map_err(Failure::new)
    }
}
