//! The end of an archive, where its directory is told: whether it is whole, or the last of several parts.

/// The mark of the end of the directory.
const MARK: &[u8] = b"PK\x05\x06";
/// Bytes of the end, without its comment.
const BYTES: usize = 22;
/// Bytes of a comment, at most.
const COMMENT_BYTES_MAX: usize = u16::MAX as usize;
/// The mark of the locator that large archives have just before.
const LOCATOR: &[u8] = b"PK\x06\x07";
/// Bytes of the locator.
const LOCATOR_BYTES: usize = 20;
/// A field whose value stands elsewhere, in large archives.
const ELSEWHERE: u16 = u16::MAX;
/// The same, of four bytes.
const ELSEWHERE_LONG: u32 = u32::MAX;

/// The end of an archive.
pub struct End {
    /// It says that there are several parts.
    pub is_of_several: bool,
    /// The directory it tells of starts before the first byte.
    pub misses_its_start: bool,
}

/// Whether there is no end: the archive is cut short, or it is a first part.
pub fn is_missing(bytes: &[u8]) -> bool {
    memchr::memmem::rfind(bytes, MARK).is_none()
}

/// The end of an archive, when it is where it must be: its comment ends the file.
pub fn of(bytes: &[u8]) -> Option<End> {
    let tail = bytes.len().saturating_sub(BYTES + COMMENT_BYTES_MAX);
    let at = memchr::memmem::rfind_iter(&bytes[tail..], MARK)
        .map(|at| tail + at)
        .find(|at| is_end(&bytes[*at..]))?;
    let end = &bytes[at..];
    let [disk, disk_of_directory] = [4, 6].map(|field| short(end, field));
    let [size, offset] = [12, 16].map(|field| long(end, field));
    let known = size != ELSEWHERE_LONG && offset != ELSEWHERE_LONG;
    let after = usize::try_from(u64::from(size) + u64::from(offset)).unwrap_or(usize::MAX);
    Some(End {
        is_of_several: [disk, disk_of_directory]
            .iter()
            .any(|disk| !matches!(*disk, 0 | ELSEWHERE))
            || disks(&bytes[..at]).is_some_and(|disks| disks > 1),
        misses_its_start: known && after > at,
    })
}

fn is_end(end: &[u8]) -> bool {
    end.len() >= BYTES && end.len() == BYTES + usize::from(short(end, 20))
}

/// How many parts the locator of a large archive tells of.
fn disks(before: &[u8]) -> Option<u32> {
    let locator = before.get(before.len().checked_sub(LOCATOR_BYTES)?..)?;
    locator.starts_with(LOCATOR).then(|| long(locator, 16))
}

fn short(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn long(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}
