//! Every key that can be set: what it wants, and whether what was read is that. A test holds this table and the
//! configuration's types together.

use std::net::{IpAddr, SocketAddr};

use serde::Deserialize as _;
use toml::{Table, Value};
use url::{Host, Url};

use super::{DatabaseUrl, Networks};

/// Mails to one domain in a second, at most: more is a mistake of typing.
const PACE_MAX: i64 = 1_000;

/// A key, and what it wants.
pub struct Key {
    /// Its path, such as `mail.port`.
    pub path: &'static str,
    /// What it wants, as the end of « il faut … ».
    pub wanted: &'static str,
    need: Need,
    check: fn(&Value) -> Result<(), Unfit>,
}

/// Why a value does not do.
pub enum Unfit {
    /// It is not what the key wants.
    Other,
    /// It is, and cannot work: what to write instead, as the end of « il faut … ».
    Because(String),
}

/// When a key must be there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Need {
    Always,
    InItsSection,
    Never,
}

const TEXT: &str = "un texte, entre guillemets";
const FILE: &str = "le chemin d’un fichier, entre guillemets";
const SECRET: &str = "un texte, ou { file = \"/chemin/du/fichier\" }";
const VERSION: &str = "une version entre guillemets, telle que \"2026-09-01\"";
const LINK: &str = "une adresse en https:// ou http://, telle que https://aide.example.org";
const SECONDS: &str = "un nombre de secondes, de 1 à 86400";
const BYTES: &str = "un nombre d’octets par seconde, de 1 à 1000000000";
const NETWORKS: &str = "des adresses ou des réseaux, tels que [\"10.1.0.0/16\", \"::1\"]";

/// Every key, section by section.
pub const KEYS: &[Key] = &[
    Key::always(
        "public_url",
        "l’adresse que les gens tapent, sans rien après le nom : https://orga.example.org (http:// sur cette machine même)",
        public_url,
    ),
    Key::may(
        "listen",
        "une adresse et un port, tels que 127.0.0.1:8080",
        listen,
    ),
    Key::always(
        "database_url",
        "une adresse qui commence par « sqlite: » ou « postgres: », telle que sqlite:///var/lib/pix-orga/pix-orga.db ou \
         postgres://pix_orga@localhost/pix_orga",
        database_url,
    ),
    Key::always("secret_key", SECRET, secret),
    Key::always("terms.account.file", FILE, text),
    Key::always("terms.account.version", VERSION, text),
    Key::always("terms.space.file", FILE, text),
    Key::always("terms.space.version", VERSION, text),
    Key::may("trusted_proxies", NETWORKS, networks),
    Key::may("metrics_from", NETWORKS, networks),
    Key::within(
        "mail.server",
        "le nom d’une machine, tel que smtp.example.org",
        machine,
    ),
    Key::may("mail.port", "un port, de 1 à 65535", port),
    Key::may(
        "mail.encryption",
        "« tls », « starttls » ou « none »",
        encryption,
    ),
    Key::may("mail.user", TEXT, text),
    Key::may("mail.password", SECRET, secret),
    Key::may("mail.certificate_authority", FILE, text),
    Key::within(
        "mail.from",
        "un expéditeur, tel que Pix Orga <ne-pas-repondre@orga.example.org>",
        address,
    ),
    Key::may("mail.reply_to", "une adresse de messagerie", address),
    Key::may("mail.pace_per_second", "un nombre, de 1 à 1000", pace),
    Key::within("gar.metadata", FILE, text),
    Key::may("gar.metadata_url", "une adresse en https://", link),
    Key::within(
        "gar.keys",
        "un ou deux chemins de fichiers, tels que [\"/etc/pix-orga/gar-2026.pem\"]",
        texts,
    ),
    Key::may(
        "gar.delivered",
        "des noms d’attributs, tels que [\"IDO\", \"UAI\"]",
        texts,
    ),
    Key::may("gar.resource_url", "une adresse en https://", any_text),
    Key::may("contacts.dane_name", TEXT, text),
    Key::may("contacts.dane_url", LINK, link),
    Key::may("contacts.support_url", LINK, link),
    Key::may("contacts.community_url", LINK, link),
    Key::may("imports.policy", "« updatable » ou « once »", policy),
    Key::may(
        "limits.connections_max",
        "un nombre, de 8 à 65536",
        connections,
    ),
    Key::may("limits.head_seconds", SECONDS, seconds),
    Key::may("limits.idle_seconds", SECONDS, seconds),
    Key::may("limits.body_grace_seconds", SECONDS, seconds),
    Key::may("limits.body_bytes_per_second_min", BYTES, bytes),
    Key::may("limits.answer_grace_seconds", SECONDS, seconds),
    Key::may("limits.answer_bytes_per_second_min", BYTES, bytes),
    Key::may("limits.request_seconds", SECONDS, seconds),
    Key::may("limits.stop_seconds", SECONDS, seconds),
];

/// The keys whose value is a secret.
const SECRETS: [&str; 2] = ["secret_key", "mail.password"];

impl Key {
    const fn always(
        path: &'static str,
        wanted: &'static str,
        check: fn(&Value) -> Result<(), Unfit>,
    ) -> Self {
        Self {
            path,
            wanted,
            need: Need::Always,
            check,
        }
    }

    const fn within(
        path: &'static str,
        wanted: &'static str,
        check: fn(&Value) -> Result<(), Unfit>,
    ) -> Self {
        Self {
            need: Need::InItsSection,
            ..Self::always(path, wanted, check)
        }
    }

    const fn may(
        path: &'static str,
        wanted: &'static str,
        check: fn(&Value) -> Result<(), Unfit>,
    ) -> Self {
        Self {
            need: Need::Never,
            ..Self::always(path, wanted, check)
        }
    }

    /// Whether its value must never be shown.
    pub fn is_secret(&self) -> bool {
        SECRETS.contains(&self.path)
    }

    /// Whether a value is what it wants.
    ///
    /// # Errors
    /// [`Unfit`].
    pub fn check(&self, value: &Value) -> Result<(), Unfit> {
        (self.check)(value)
    }

    /// Whether it must be there in this configuration.
    pub fn is_needed(&self, table: &Table) -> bool {
        match self.need {
            Need::Always => true,
            Need::Never => false,
            Need::InItsSection => {
                let section = self.path.split_once('.').map_or("", |(section, _)| section);
                table.get(section).is_some_and(Value::is_table)
            }
        }
    }
}

/// The key of a path.
pub fn named(path: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.path == path)
}

/// Whether a path is a section's, such as `terms.space`.
pub fn is_section(path: &str) -> bool {
    KEYS.iter().any(|key| {
        let rest = key.path.strip_prefix(path);
        rest.is_some_and(|rest| rest.starts_with('.'))
    })
}

/// What a section can hold, keys and sections, `""` for the whole.
pub fn names_in(section: &str) -> Vec<&'static str> {
    let mut names: Vec<&str> = Vec::new();
    for key in KEYS {
        let rest = match section {
            "" => Some(key.path),
            _ => key
                .path
                .strip_prefix(section)
                .and_then(|rest| rest.strip_prefix('.')),
        };
        let name = rest.and_then(|rest| rest.split('.').next());
        names.extend(name.filter(|name| !names.contains(name)));
    }
    names
}

fn fit(fits: bool) -> Result<(), Unfit> {
    if fits { Ok(()) } else { Err(Unfit::Other) }
}

fn because<T>(what: &str) -> Result<T, Unfit> {
    Err(Unfit::Because(what.to_owned()))
}

/// A text that says something.
fn said(value: &Value) -> Result<&str, Unfit> {
    let said = value.as_str().filter(|text| !text.trim().is_empty());
    said.ok_or(Unfit::Other)
}

fn text(value: &Value) -> Result<(), Unfit> {
    said(value).map(|_| ())
}

/// A text whose own reader says what is wrong with it.
fn any_text(value: &Value) -> Result<(), Unfit> {
    fit(value.is_str())
}

fn texts(value: &Value) -> Result<(), Unfit> {
    let list = value.as_array();
    fit(value.is_str() || list.is_some_and(|list| list.iter().all(|one| said(one).is_ok())))
}

fn secret(value: &Value) -> Result<(), Unfit> {
    let Some(table) = value.as_table() else {
        return text(value);
    };
    fit(table.len() == 1 && table.get("file").is_some_and(|file| said(file).is_ok()))
}

fn listen(value: &Value) -> Result<(), Unfit> {
    fit(said(value)?.parse::<SocketAddr>().is_ok())
}

fn networks(value: &Value) -> Result<(), Unfit> {
    fit(Networks::deserialize(value.clone()).is_ok())
}

fn database_url(value: &Value) -> Result<(), Unfit> {
    DatabaseUrl::check(value).map_err(|wanted| wanted.map_or(Unfit::Other, Unfit::Because))
}

fn machine(value: &Value) -> Result<(), Unfit> {
    let name = said(value)?;
    fit(Host::parse(name).is_ok() || name.parse::<IpAddr>().is_ok())
}

fn address(value: &Value) -> Result<(), Unfit> {
    fit(said(value)?.contains('@'))
}

/// A number, or a text that is one: the environment gives texts.
fn number(value: &Value) -> Result<i64, Unfit> {
    let read = match value {
        Value::Integer(number) => Some(*number),
        Value::String(text) => text.parse().ok(),
        _ => None,
    };
    read.ok_or(Unfit::Other)
}

fn port(value: &Value) -> Result<(), Unfit> {
    fit((1..=i64::from(u16::MAX)).contains(&number(value)?))
}

fn pace(value: &Value) -> Result<(), Unfit> {
    fit((1..=PACE_MAX).contains(&number(value)?))
}

fn connections(value: &Value) -> Result<(), Unfit> {
    fit((8..=65_536).contains(&number(value)?))
}

fn seconds(value: &Value) -> Result<(), Unfit> {
    fit((1..=86_400).contains(&number(value)?))
}

fn bytes(value: &Value) -> Result<(), Unfit> {
    fit((1..=1_000_000_000).contains(&number(value)?))
}

fn encryption(value: &Value) -> Result<(), Unfit> {
    fit(["tls", "starttls", "none"].contains(&said(value)?))
}

fn policy(value: &Value) -> Result<(), Unfit> {
    fit(["updatable", "once"].contains(&said(value)?))
}

/// An address as browsers read it, written as they do: no space that they would drop.
fn web_address(value: &Value) -> Result<Url, Unfit> {
    let text = said(value)?;
    if text.contains(|c: char| c.is_whitespace() || c.is_control() || c == '\\') {
        return Err(Unfit::Other);
    }
    let url = Url::parse(text).ok().filter(Url::has_host);
    url.filter(|url| matches!(url.scheme(), "https" | "http"))
        .ok_or(Unfit::Other)
}

fn link(value: &Value) -> Result<(), Unfit> {
    let url = web_address(value)?;
    if !url.username().is_empty() || url.password().is_some() {
        return because(
            "une adresse sans nom d’utilisateur ni mot de passe : chaque page la montre",
        );
    }
    Ok(())
}

fn public_url(value: &Value) -> Result<(), Unfit> {
    let url = web_address(value)?;
    let on_this_machine = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    if url.scheme() == "http" && !on_this_machine {
        return because(
            "https:// : les mots de passe passeraient en clair. http:// ne sert que sur cette machine même (http://127.0.0.1:…)",
        );
    }
    let site = url.origin().ascii_serialization();
    let rest = (
        url.path(),
        url.query(),
        url.fragment(),
        url.username(),
        url.password(),
    );
    if rest != ("/", None, None, "", None) {
        return because(&format!(
            "une adresse sans chemin, sans paramètre et sans nom d’utilisateur : {site}"
        ));
    }
    // Links, cookies and the GAR know it to the letter, and browsers write it so.
    if said(value)?.trim_end_matches('/') != site {
        return because(&format!(
            "la même adresse, écrite comme les navigateurs l’écrivent : {site}"
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(path: &str, value: &str) -> bool {
        let value: Table = format!("x = {value}").parse().unwrap();
        named(path).unwrap().check(&value["x"]).is_ok()
    }

    #[test]
    fn a_public_address_is_a_site_and_nothing_more() {
        for fit in [
            "https://orga.example.org",
            "https://orga.example.org/",
            "https://orga.example.org:8443",
            "http://127.0.0.1:8080",
            "http://localhost:8080/",
            "http://[::1]:8080",
            "http://127.0.0.2",
        ] {
            assert!(fits("public_url", &format!("\"{fit}\"")), "{fit}");
        }
        for unfit in [
            "",
            "x",
            "orga.example.org",
            "//orga.example.org",
            "http://orga.example.org",
            "http://127.0.0.1.example.org",
            "http://localhost.example.org",
            "https://orga.example.org/pix",
            "https://orga.example.org//",
            "https://orga.example.org?a=1",
            "https://orga.example.org?",
            "https://orga.example.org#a",
            "https://moi@orga.example.org",
            "https://moi:mot@orga.example.org",
            "https://",
            "https:///",
            "https://orga example.org",
            " https://orga.example.org",
            "https://orga.example.org\\n",
            "HTTPS://orga.example.org",
            "https://Orga.example.org",
            "https://écoles.example.org",
            "https://orga.example.org:443",
            "https://orga.example.org:70000",
            "ftp://orga.example.org",
            "javascript:alert(1)",
        ] {
            assert!(!fits("public_url", &format!("\"{unfit}\"")), "{unfit}");
        }
        assert!(!fits("public_url", "7") && !fits("public_url", "[\"https://a.fr\"]"));
    }

    #[test]
    fn a_link_is_an_address_of_the_web() {
        for key in ["dane_url", "support_url", "community_url"] {
            let fits = |link: &str| fits(&format!("contacts.{key}"), &format!("\"{link}\""));
            assert!(fits("https://aide.example.org/a?b#c") && fits("http://aide.example.org"));
            for unfit in [
                "javascript:alert(1)",
                "JavaScript:alert(1)",
                "java\\tscript:alert(1)",
                "data:text/html,x",
                "mailto:aide@example.org",
                "aide.example.org",
                "/aide",
                "//aide.example.org",
                "file:///etc/passwd",
                "https://",
                "https://moi:mot@aide.example.org",
                "",
            ] {
                assert!(!fits(unfit), "{unfit}");
            }
        }
    }

    #[test]
    fn numbers_have_their_range_and_may_be_texts() {
        for (key, fit, unfit) in [
            ("mail.port", ["1", "65535", "\"587\""], ["0", "65536", "-1"]),
            (
                "mail.pace_per_second",
                ["1", "1000", "\"2\""],
                ["0", "1001", "\"x\""],
            ),
            (
                "limits.connections_max",
                ["8", "65536", "\"2048\""],
                ["7", "65537", "-8"],
            ),
            (
                "limits.stop_seconds",
                ["1", "86400", "\"30\""],
                ["0", "86401", "-1"],
            ),
            (
                "limits.body_bytes_per_second_min",
                ["1", "1000000000", "\"4096\""],
                ["0", "1000000001", "-1"],
            ),
        ] {
            assert!(fit.iter().all(|value| fits(key, value)), "{key}");
            assert!(!unfit.iter().any(|value| fits(key, value)), "{key}");
            assert!(
                !["true", "1.5", "\"\"", "[1]", "2026-09-01"]
                    .iter()
                    .any(|value| fits(key, value))
            );
        }
    }

    #[test]
    fn a_machine_is_a_name_and_not_an_address_of_the_web() {
        for fit in ["smtp.example.org", "localhost", "127.0.0.1", "::1", "[::1]"] {
            assert!(fits("mail.server", &format!("\"{fit}\"")), "{fit}");
        }
        for unfit in ["smtp://x", "x:25", "a b", "moi@x", "x/y", ""] {
            assert!(!fits("mail.server", &format!("\"{unfit}\"")), "{unfit}");
        }
    }
}
