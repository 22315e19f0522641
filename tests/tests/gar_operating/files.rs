//! Files of the GAR as an operator has them, and a small site that gives metadata.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use journeys::demo::run;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// Who the metadata say they are.
pub const ENTITY_ID: &str = "https://idp.example.invalid/idp/metadata";
const ENDED: &str = include_str!("ended.pem");

/// A folder with the GAR's files.
pub struct GarFiles {
    folder: TempDir,
}

impl GarFiles {
    /// An empty one.
    pub fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// A file of it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Its path, as text.
    pub fn named(&self, name: &str) -> String {
        self.path(name).display().to_string()
    }

    /// What it holds.
    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// Writes one.
    pub fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    /// A fresh key by the product's command: the certificate, in base64.
    pub async fn key(&self, name: &str) -> String {
        let (code, _, err) = run(&["gar", "keys", "new", &self.named(name)], &[]).await;
        assert_eq!((code, err.as_str()), (0, ""));
        certificate(&self.read(name))
    }

    /// The configuration's section, with the metadata `gar.xml` and these keys.
    pub fn section(&self, keys: &[&str]) -> String {
        let keys: Vec<String> = keys.iter().map(|key| self.named(key)).collect();
        format!(
            "[gar]\nmetadata = {:?}\nkeys = {keys:?}\n",
            self.named("gar.xml")
        )
    }
}

/// The base64 of a PEM text's certificate.
pub fn certificate(pem: &str) -> String {
    let (_, after) = pem.split_once("-----BEGIN CERTIFICATE-----").unwrap();
    let (inside, _) = after.split_once("-----END").unwrap();
    inside.split_whitespace().collect()
}

/// A certificate that ended on 1 January 2024.
pub fn ended() -> String {
    certificate(ENDED)
}

/// Metadata with these signing certificates.
pub fn metadata(certificates: &[&str]) -> String {
    let keys: Vec<String> = certificates
        .iter()
        .map(|one| {
            format!(
                "<KeyDescriptor use=\"signing\"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{one}\
                 </ds:X509Certificate></ds:X509Data></ds:KeyInfo></KeyDescriptor>"
            )
        })
        .collect();
    format!(
        "<EntityDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\" \
         xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" entityID=\"{ENTITY_ID}\"><IDPSSODescriptor \
         protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">{}<SingleSignOnService \
         Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect\" \
         Location=\"https://idp.example.invalid/sso\"/></IDPSSODescriptor></EntityDescriptor>\n",
        keys.concat()
    )
}

/// The same metadata, which say when they stop serving.
pub fn until(metadata: &str, end: &str) -> String {
    metadata.replacen("entityID=", &format!("validUntil=\"{end}\" entityID="), 1)
}

/// A site of this machine that gives one text, until the test ends.
pub struct Site {
    /// Its address.
    pub url: String,
    text: Arc<Mutex<String>>,
}

impl Site {
    /// Starts it.
    pub async fn start(text: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/idp/metadata", listener.local_addr().unwrap());
        let text = Arc::new(Mutex::new(text.to_owned()));
        let given = Arc::clone(&text);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let body = given.lock().unwrap().clone();
                let head = format!(
                    "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                    body.len()
                );
                let mut request = [0; 4096];
                let _ = stream.read(&mut request).await;
                let _ = stream.write_all((head + &body).as_bytes()).await;
            }
        });
        Self { url, text }
    }

    /// Gives another text from now on.
    pub fn gives(&self, text: &str) {
        text.clone_into(&mut self.text.lock().unwrap());
    }
}
