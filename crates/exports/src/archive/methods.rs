//! How members of an archive are compressed, by the numbers of the format's specification (APPNOTE, 4.4.5).

/// The member is stored without compression.
pub const STORED: u16 = 0;
/// What nearly every tool writes.
pub const DEFLATED: u16 = 8;

/// What people who chose a method call it.
pub fn name(method: u16) -> String {
    let known = match method {
        1 => "Shrink",
        2..=5 => "Reduce",
        6 => "Implode",
        9 => "Deflate64",
        10 => "PKWARE Implode",
        12 => "bzip2",
        14 => "LZMA",
        16 => "IBM CMPSC",
        18 => "IBM TERSE",
        19 => "IBM LZ77",
        20 | 93 => "Zstandard (zstd)",
        94 => "MP3",
        95 => "xz",
        96 => "JPEG",
        97 => "WavPack",
        98 => "PPMd",
        _ => return format!("nº {method}"),
    };
    known.to_owned()
}
