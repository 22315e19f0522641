//! Tools that nobody here wrote, at work on an export: archive makers, and those that save XML or CSV again.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use jiff::civil::date;
use pix_orga_demo::siecle::{Generator, SchoolSpec};
use pix_orga_demo::{fregata, schools};
use tempfile::TempDir;

use crate::foreign::{kept, python, room};

/// The export's name in the folder, as SIECLE gives it.
pub const EXPORT: &str = "ElevesSansAdresses.xml";
/// The same pupils, as Fregata gives them.
pub const FREGATA: &str = fregata::CSV_NAME;
/// What weighs enough beside the export for an archive to be cut in several.
pub const PICTURE: &str = "photo.jpg";

const PUPILS: usize = 40;
/// Bytes of the picture.
const PICTURE_BYTES: u32 = 200_000;

/// A folder where tools work, with the export of a school that does not exist.
pub struct Workshop {
    folder: TempDir,
    /// The school.
    pub uai: String,
}

impl Workshop {
    /// A new one: the export of each system, and a picture that no tool makes smaller.
    pub fn open() -> Self {
        let spec = SchoolSpec::of(&schools::all()[0]);
        let school = Generator::new(9).generate(&spec, PUPILS, 2026, date(2026, 10, 5));
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(EXPORT), school.to_xml_bytes()).unwrap();
        let csv = fregata::csv(&school).unwrap();
        std::fs::write(folder.path().join(FREGATA), csv).unwrap();
        let noise: Vec<u8> = (0..PICTURE_BYTES / 4)
            .flat_map(|n| {
                let mixed = u64::from(n).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 17;
                (mixed ^ (mixed >> 23)).to_le_bytes()[..4].to_vec()
            })
            .collect();
        std::fs::write(folder.path().join(PICTURE), noise).unwrap();
        Self {
            folder,
            uai: spec.uai.to_string(),
        }
    }

    /// A file of the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Its bytes.
    pub fn bytes(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// What a program says on its output when it works in the folder; `PATH` must have it.
    pub fn output(&self, program: &str, arguments: &[&str]) -> Vec<u8> {
        let out = self
            .command(program, arguments)
            .output()
            .unwrap_or_else(|error| {
                panic!("{program}: {error}; `cargo xtask test -p journeys` provides it")
            });
        let said = String::from_utf8_lossy(&out.stderr);
        assert!(out.status.success(), "{program} {arguments:?}: {said}");
        out.stdout
    }

    /// What a program makes of the export, in a file of that name.
    pub fn made(&self, name: &str, program: &str, arguments: &[&str]) -> Vec<u8> {
        self.output(program, arguments);
        self.bytes(name)
    }

    /// What a script of Python writes on its output. It finds lxml.
    pub fn python(&self, script: &str) -> Vec<u8> {
        self.output("python3", &["-c", script])
    }

    /// A program of Java, by its source among the providers.
    pub fn java(&self, source: &str) {
        let source = room(source).display().to_string();
        self.output("java", &[&source, EXPORT]);
    }

    fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let lxml = kept("PIX_ORGA_TEST_LXML", &format!("lxml-{}", python()));
        let mut command = Command::new(program);
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env("PYTHONPATH", lxml.join("packages"))
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::null());
        command
    }
}
