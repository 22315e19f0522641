//! A certificate drawn for one test: no private key is kept with the sources.

use std::fs;

use rcgen::generate_simple_self_signed;
use tempfile::TempDir;
use tokio_rustls::rustls::crypto::aws_lc_rs;

/// A certificate that vouches for itself, in files.
pub struct Certificate {
    folder: TempDir,
    pub pem: String,
    pub der: Vec<u8>,
    pub key_der: Vec<u8>,
}

impl Certificate {
    /// One for `localhost`.
    pub fn draw() -> Self {
        // The server's library takes the process's own choice: it is made once, whichever test comes first.
        let _ = aws_lc_rs::default_provider().install_default();
        let drawn = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let pem = drawn.cert.pem();
        fs::write(folder.path().join("certificate.pem"), &pem).unwrap();
        let key = drawn.signing_key.serialize_pem();
        fs::write(folder.path().join("key.pem"), key).unwrap();
        Self {
            folder,
            pem,
            der: drawn.cert.der().to_vec(),
            key_der: drawn.signing_key.serialize_der(),
        }
    }

    pub fn path(&self, file: &str) -> String {
        self.folder.path().join(file).display().to_string()
    }
}
