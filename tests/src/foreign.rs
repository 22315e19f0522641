//! Identity providers that nobody here wrote: npm's saml-idp and samlify, `PyPI`'s pysaml2, Debian's Lasso,
//! `SimpleSAMLphp` and `LemonLDAP::NG`, kept by `cargo xtask test`. Each runs on a port of its own, with a key drawn at its start, and ends with the test.

use std::path::{Path, PathBuf};
use std::process::{Command as Blocking, Stdio};
use std::time::Duration;

use tempfile::TempDir;
use tokio::process::{Child, Command};
use xtask_cluster::binaries::cache_folder;

use crate::browser::Browser;
use crate::configured::free_port;
use crate::demo::run;
use crate::page::{Form, Page};
use crate::served::Served;

/// What the form says in `RelayState` when it comes back: an address that nobody may be led to.
const HOSTILE: &str = "https://elsewhere.example.invalid/";
const LOOKS_MAX: u32 = 600;
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Which one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It signs the response and the assertion, and declares namespaces at each element.
    SamlIdp,
    /// It wants signed requests, signs the assertion alone by xmlsec1, and has prefixes of its own.
    Pysaml2,
    /// It signs the assertion alone, and writes an `Attribute` for each value.
    Samlify,
    /// It signs the assertion alone, which lives 72,000 seconds.
    Lasso,
    /// It signs the response and the assertion.
    SimpleSamlPhp,
    /// It signs the message and the assertion, which lives 72,000 seconds.
    LemonLdapNg,
}

/// Somebody who signs in, as the GAR would name them.
#[derive(Debug, Clone, Copy)]
pub struct Person {
    /// Begins `IDO`, and is repeated in it.
    pub ido: &'static str,
    /// `UAI`, the school they are in now.
    pub uai: &'static str,
    /// `PRO`.
    pub profile: &'static str,
    /// `NOM`.
    pub last_name: &'static str,
    /// `PRE`.
    pub first_name: &'static str,
}

/// The attributes of a whole contract.
const WHOLE: &[&str] = &["IDO", "UAI", "PRO", "NOM", "PRE", "DIV"];

/// A provider that runs.
pub struct Foreign {
    // Before its folder, so that it ends first.
    _process: Child,
    kind: Kind,
    delivered: &'static [&'static str],
    address: String,
    folder: TempDir,
}

impl Foreign {
    /// Starts it, and takes its metadata.
    pub async fn start(kind: Kind) -> Self {
        Self::delivering(kind, WHOLE).await
    }

    /// The same, where it signs these attributes and no other.
    pub async fn delivering(kind: Kind, delivered: &'static [&'static str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let drawn = folder.path().join("theirs.pem");
        new_key(&drawn).await;
        new_key(&folder.path().join("ours.pem")).await;
        let pem = std::fs::read_to_string(&drawn).unwrap();
        write_block(&folder.path().join("key.pem"), &pem, "PRIVATE KEY");
        write_block(&folder.path().join("certificate.pem"), &pem, "CERTIFICATE");
        let port = free_port();
        let mut command = match kind {
            Kind::SamlIdp => saml_idp(port, folder.path()),
            Kind::Pysaml2 => pysaml2(port, folder.path()),
            Kind::Samlify => samlify(port, folder.path()),
            Kind::Lasso => lasso(port, folder.path()),
            Kind::SimpleSamlPhp => simplesamlphp(port, folder.path()),
            Kind::LemonLdapNg => wrapper("perl", "lemonldap-ng/provider.pl", port, folder.path()),
        };
        command.env("DELIVERED", delivered.join(","));
        let process = command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let foreign = Self {
            _process: process,
            kind,
            delivered,
            address: format!("http://127.0.0.1:{port}"),
            folder,
        };
        let metadata = foreign.metadata().await;
        std::fs::write(foreign.folder.path().join("provider.xml"), metadata).unwrap();
        foreign
    }

    async fn metadata(&self) -> String {
        let address = format!("{}/metadata", self.address);
        for _ in 0..LOOKS_MAX {
            if let Ok(response) = reqwest::get(&address).await {
                return response.text().await.unwrap();
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        panic!("{:?} did not start in time", self.kind);
    }

    /// The lines of a configuration that trusts it.
    pub fn configuration(&self) -> String {
        let at = |name: &str| self.folder.path().join(name).display().to_string();
        format!(
            "[gar]\nmetadata = \"{}\"\nkeys = [\"{}\"]\n",
            at("provider.xml"),
            at("ours.pem")
        )
    }

    /// Tells it of the service that trusts it.
    pub async fn meet(&self, service: &Served) {
        let browser = service.browser();
        let metadata = browser.get("/gar/metadata").await.must_be(200).html.clone();
        std::fs::write(self.folder.path().join("service.xml"), metadata).unwrap();
        if self.kind == Kind::SamlIdp {
            let entity = format!("{}/gar/metadata", service.address());
            let form = post("/settings", vec![("audience".to_owned(), entity)]);
            browser.at(&self.address).send(form).await.must_be(200);
        }
    }

    /// Goes from the service to the provider's own page, signs in there, and gives the form that it sends back.
    pub async fn sign_in(&self, browser: &Browser, person: Person) -> Form {
        let asked = browser.get("/gar/login").await;
        let values = [
            ("IDO", person.ido.repeat(32)),
            ("UAI", person.uai.to_owned()),
            ("PRO", person.profile.to_owned()),
            ("NOM", person.last_name.to_owned()),
            ("PRE", person.first_name.to_owned()),
            ("DIV", "3A##3EME A".to_owned()),
        ];
        let delivered = values
            .iter()
            .filter(|(name, _)| self.delivered.contains(name));
        let values: Vec<_> = delivered.map(|(name, value)| (*name, &**value)).collect();
        let there = browser.at(&self.address);
        let answer = there.press(&asked, "Sign in", &values).await;
        let mut form = sent_back(answer.must_be(200));
        let mut fields = form.fields.iter_mut();
        let state = fields.find(|(name, _)| name == "RelayState");
        let (_, state) = state.expect("the provider gives the RelayState back");
        assert!(state.ends_with("/gar/login"), "{state}");
        // Whoever posts the form chooses what stands beside the answer: it must lead nowhere.
        HOSTILE.clone_into(state);
        form
    }
}

/// What the provider's page posts by itself, its script run.
fn sent_back(page: &Page) -> Form {
    let inputs = "form input[name]";
    let names = page.attributes(inputs, "name").into_iter();
    let fields: Vec<_> = names.zip(page.attributes(inputs, "value")).collect();
    assert!(
        fields.iter().any(|(name, _)| name == "SAMLResponse"),
        "no answer: {}",
        page.html
    );
    post(&page.attributes("form", "action").remove(0), fields)
}

fn post(action: &str, fields: Vec<(String, String)>) -> Form {
    Form {
        action: action.to_owned(),
        method: "post".to_owned(),
        multipart: false,
        fields,
        names: Vec::new(),
    }
}

async fn new_key(file: &Path) {
    let file = file.display().to_string();
    let (code, _, err) = run(&["gar", "keys", "new", &file], &[]).await;
    assert_eq!(code, 0, "{err}");
}

fn write_block(file: &Path, pem: &str, label: &str) {
    let (begin, end) = (
        format!("-----BEGIN {label}-----"),
        format!("-----END {label}-----"),
    );
    let (start, stop) = (pem.find(&begin).unwrap(), pem.find(&end).unwrap());
    std::fs::write(file, format!("{}\n", &pem[start..stop + end.len()])).unwrap();
}

fn saml_idp(port: u16, folder: &Path) -> Command {
    let kept = kept("PIX_ORGA_TEST_SAML_IDP", "saml-idp");
    let mut command = Command::new("node");
    command
        .arg(kept.join("node_modules/saml-idp/bin/run.js"))
        .args(["--host", "127.0.0.1", "--port", &port.to_string()])
        .args(["--issuer", &format!("http://127.0.0.1:{port}/metadata")])
        // The request and the settings say better.
        .args(["--acsUrl", "http://127.0.0.1", "--audience", "none"])
        .arg("--key")
        .arg(folder.join("key.pem"))
        .arg("--cert")
        .arg(folder.join("certificate.pem"))
        .arg("--configFile")
        .arg(room("saml-idp/config.js"))
        .current_dir(folder);
    command
}

fn pysaml2(port: u16, folder: &Path) -> Command {
    let kept = kept("PIX_ORGA_TEST_PYSAML2", &format!("pysaml2-{}", python()));
    let mut command = wrapper("python3", "pysaml2/provider.py", port, folder);
    command
        .env("PYTHONPATH", kept.join("packages"))
        .env("PYTHONDONTWRITEBYTECODE", "1");
    command
}

fn samlify(port: u16, folder: &Path) -> Command {
    let kept = kept("PIX_ORGA_TEST_SAMLIFY", "samlify");
    let mut command = wrapper("node", "samlify/provider.js", port, folder);
    command.env("NODE_PATH", kept.join("node_modules"));
    command
}

/// Lasso's packages belong to Debian's own Python.
fn lasso(port: u16, folder: &Path) -> Command {
    let mut command = wrapper("/usr/bin/python3", "lasso/provider.py", port, folder);
    command.env("PYTHONDONTWRITEBYTECODE", "1");
    command
}

/// Its packages are Debian's; its configuration is ours, and asks the environment.
fn simplesamlphp(port: u16, folder: &Path) -> Command {
    let address = format!("127.0.0.1:{port}");
    let mut command = Command::new("php");
    command
        .args(["-S", &address])
        .arg(room("simplesamlphp/router.php"))
        .env("ADDRESS", format!("http://{address}"))
        .env("FOLDER", folder)
        .current_dir(folder);
    command
}

/// A provider behind the least of a server, in its own language: `PORT KEY CERTIFICATE SERVICE`.
fn wrapper(program: &str, script: &str, port: u16, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .arg(room(script))
        .arg(port.to_string())
        .arg(folder.join("key.pem"))
        .arg(folder.join("certificate.pem"))
        .arg(folder.join("service.xml"))
        .current_dir(folder);
    command
}

/// `3.11`, as its packages are kept.
pub(crate) fn python() -> String {
    let said = Blocking::new("python3")
        .args([
            "-c",
            "import sys; print('%d.%d' % sys.version_info[:2], end='')",
        ])
        .output();
    said.map_or_else(
        |_| String::new(),
        |out| String::from_utf8(out.stdout).unwrap(),
    )
}

/// The folder that the variable names, else the project's cache.
pub(crate) fn kept(variable: &str, name: &str) -> PathBuf {
    let named = std::env::var_os(variable).map(PathBuf::from);
    let folder = named.or_else(|| cache_folder().map(|cache| cache.join(name)));
    let folder = folder.unwrap_or_default();
    assert!(
        folder.is_dir(),
        "{} is missing: `cargo xtask test -p journeys` provides it",
        folder.display()
    );
    folder
}

pub(crate) fn room(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("providers")
        .join(file)
}
