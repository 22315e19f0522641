//! Uploads of all schools: received into files without a name, and taken into memory within one budget.

use std::collections::HashSet;
use std::io::{self, SeekFrom};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use pix_orga_domain::ids::OrganizationId;
use tokio::fs::File;
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _, AsyncWriteExt as _};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

/// Uploads that are received at once: what they have sent is on the disk, 64 MiB each at most.
const RECEIVED_AT_ONCE_MAX: usize = 16;
/// Memory of all the uploads that are on their way from the disk to the store, in bytes.
pub const MEMORY_BYTES_MAX: usize = 256 * 1024 * 1024;
/// How many times a file is in memory on that way: ours, the statement's, the connection's.
const COPIES: usize = 3;
/// The budget is counted in pieces of this many bytes.
const PIECE_BYTES: usize = 64 * 1024;
/// How long a whole upload waits for memory.
const MEMORY_WAIT_MAX: Duration = Duration::from_secs(20);

/// The uploads of one process.
pub struct Uploads {
    folder: PathBuf,
    sending: Arc<Mutex<HashSet<OrganizationId>>>,
    memory: Arc<Semaphore>,
}

/// Why an upload is not received now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotNow {
    /// The same school sends another.
    SchoolSends,
    /// Too many schools send at once.
    Full,
}

/// The right to send a file, given back when it is dropped.
pub struct Sending {
    school: OrganizationId,
    all: Arc<Mutex<HashSet<OrganizationId>>>,
}

/// A file that is being received. It has no name, and goes with the process.
pub struct Spool {
    file: File,
    bytes: usize,
}

/// A whole file in memory, and its part of the budget.
pub struct Whole {
    /// What was sent.
    pub bytes: Vec<u8>,
    /// Given back when it is dropped.
    pub memory: OwnedSemaphorePermit,
}

impl Uploads {
    /// Uploads that wait in a folder.
    pub fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            sending: Arc::default(),
            memory: Arc::new(Semaphore::new(MEMORY_BYTES_MAX / PIECE_BYTES)),
        }
    }

    /// Lets a school send a file.
    ///
    /// # Errors
    /// When it sends another, or too many schools do.
    pub fn begin(&self, school: OrganizationId) -> Result<Sending, NotNow> {
        let mut sending = lock(&self.sending);
        if sending.contains(&school) {
            return Err(NotNow::SchoolSends);
        }
        if sending.len() >= RECEIVED_AT_ONCE_MAX {
            return Err(NotNow::Full);
        }
        sending.insert(school);
        Ok(Sending {
            school,
            all: Arc::clone(&self.sending),
        })
    }

    /// Room for a file on the disk.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub async fn spool(&self) -> io::Result<Spool> {
        let folder = self.folder.clone();
        let file = tokio::task::spawn_blocking(move || tempfile::tempfile_in(folder)).await??;
        Ok(Spool {
            file: File::from_std(file),
            bytes: 0,
        })
    }

    /// Takes a received file into memory, once there is room. None: there is none yet.
    ///
    /// # Errors
    /// When the file cannot be read back.
    pub async fn take(&self, spool: Spool) -> io::Result<Option<Whole>> {
        let pieces = (spool.bytes.saturating_mul(COPIES) / PIECE_BYTES) + 1;
        let pieces = u32::try_from(pieces).unwrap_or(u32::MAX);
        let room = Arc::clone(&self.memory).acquire_many_owned(pieces);
        let Ok(Ok(memory)) = timeout(MEMORY_WAIT_MAX, room).await else {
            return Ok(None);
        };
        let bytes = spool.read().await?;
        Ok(Some(Whole { bytes, memory }))
    }
}

impl Spool {
    /// Writes what came.
    ///
    /// # Errors
    /// When the disk is full, or fails.
    pub async fn write(&mut self, piece: &[u8]) -> io::Result<()> {
        self.bytes += piece.len();
        self.file.write_all(piece).await
    }

    /// The bytes written so far.
    pub const fn len(&self) -> usize {
        self.bytes
    }

    /// Whether nothing was written.
    pub const fn is_empty(&self) -> bool {
        self.bytes == 0
    }

    async fn read(mut self) -> io::Result<Vec<u8>> {
        self.file.flush().await?;
        self.file.seek(SeekFrom::Start(0)).await?;
        let mut bytes = Vec::with_capacity(self.bytes);
        self.file.read_to_end(&mut bytes).await?;
        Ok(bytes)
    }
}

impl Drop for Sending {
    fn drop(&mut self) {
        lock(&self.all).remove(&self.school);
    }
}

fn lock(sending: &Mutex<HashSet<OrganizationId>>) -> MutexGuard<'_, HashSet<OrganizationId>> {
    sending.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use pix_orga_domain::roster::import::UPLOAD_BYTES_MAX;

    use super::*;

    fn uploads() -> Uploads {
        Uploads::new(std::env::temp_dir())
    }

    fn school(number: usize) -> OrganizationId {
        OrganizationId::parse(&format!("0192f0c1-8c5e-7b7a-9d6c-{number:012}")).unwrap()
    }

    #[test]
    fn a_school_sends_one_file_at_once_and_schools_a_few() {
        let uploads = uploads();
        let mut all: Vec<Sending> = (0..RECEIVED_AT_ONCE_MAX)
            .map(|number| uploads.begin(school(number)).ok().unwrap())
            .collect();
        assert_eq!(uploads.begin(school(0)).err(), Some(NotNow::SchoolSends));
        assert_eq!(uploads.begin(school(99)).err(), Some(NotNow::Full));
        all.remove(0);
        assert!(uploads.begin(school(99)).is_ok());
        assert!(uploads.begin(school(0)).is_ok());
    }

    #[tokio::test]
    async fn what_was_sent_comes_back_whole() {
        let uploads = uploads();
        let mut spool = uploads.spool().await.unwrap();
        let sent: Vec<u8> = (0..=250_u8).cycle().take(3 * PIECE_BYTES).collect();
        for piece in sent.chunks(10_007) {
            spool.write(piece).await.unwrap();
        }
        assert_eq!(spool.len(), sent.len());
        let whole = uploads.take(spool).await.unwrap().unwrap();
        assert!(whole.bytes == sent, "the file changed");
    }

    #[tokio::test(start_paused = true)]
    async fn memory_is_never_more_than_its_budget_and_whoever_waits_is_told() {
        let uploads = uploads();
        let mut kept = Vec::new();
        let refused = loop {
            let spool = Spool {
                file: File::from_std(tempfile::tempfile().unwrap()),
                bytes: UPLOAD_BYTES_MAX,
            };
            match uploads.take(spool).await.unwrap() {
                Some(whole) => kept.push(whole),
                None => break kept.len(),
            }
        };
        assert!(refused > 0, "the largest file never fits");
        assert!(refused * UPLOAD_BYTES_MAX * COPIES <= MEMORY_BYTES_MAX);
        kept.clear();
        let spool = uploads.spool().await.unwrap();
        assert!(uploads.take(spool).await.unwrap().is_some());
    }
}
