//! What is wrong in a configuration: where, which key, what was read, what is wanted. A secret never shows.

use std::fmt;

use toml::{Table, Value};

use super::keys::{self, Key, Unfit};
use super::source::Source;

/// Letters of a value that are shown: enough to find it again.
const SHOWN_CHARS_MAX: usize = 80;
/// A text of so many hexadecimal digits and nothing else may be a key in the wrong place.
const KEY_DIGITS_MIN: usize = 32;
/// What is shown in the place of a secret.
pub const MASK: &str = "xxx";

/// Something wrong with one key.
#[derive(Debug)]
pub struct Fault {
    path: String,
    said: String,
}

impl Fault {
    /// What it says, with the place where the key was read.
    pub fn told(&self, source: &Source) -> String {
        format!("{}{}", source.place(&self.path), self.said)
    }

    fn unfit(path: &str, read: &str, wanted: &str) -> Self {
        Self {
            path: path.to_owned(),
            said: format!(" : {read} a été lu ; il faut {wanted}."),
        }
    }
}

/// Everything that is wrong with keys and values, before any file is opened.
pub fn all(table: &Table) -> Vec<Fault> {
    let mut faults = Vec::new();
    within("", table, &mut faults);
    for key in keys::KEYS {
        if key.is_needed(table) && is_absent(table, key.path) {
            faults.push(Fault {
                path: key.path.to_owned(),
                said: format!(" : cette clé manque ; il faut {}.", key.wanted),
            });
        }
    }
    faults
}

fn within(section: &str, table: &Table, faults: &mut Vec<Fault>) {
    for (name, value) in table {
        let path = match section {
            "" => name.clone(),
            _ => format!("{section}.{name}"),
        };
        if let Some(key) = keys::named(&path) {
            faults.extend(of_key(key, value));
        } else if !keys::is_section(&path) {
            let known = keys::names_in(section).join(", ");
            faults.push(Fault {
                path: shortened(&path),
                said: format!(" : cette clé n’existe pas ; il y a ici : {known}."),
            });
        } else if let Value::Table(inner) = value {
            within(&path, inner, faults);
        } else {
            let wanted = format!("une section [{path}]");
            faults.push(Fault::unfit(&path, &shown(value), &wanted));
        }
    }
}

fn of_key(key: &Key, value: &Value) -> Option<Fault> {
    let unfit = key.check(value).err()?;
    let read = if key.is_secret() {
        "un secret (masqué)".to_owned()
    } else {
        shown(value)
    };
    Some(match unfit {
        Unfit::Other => Fault::unfit(key.path, &read, key.wanted),
        Unfit::Because(wanted) => Fault::unfit(key.path, &read, &wanted),
    })
}

/// Whether nothing is there, not even a wrong section on the way.
fn is_absent(table: &Table, path: &str) -> bool {
    match path.split_once('.') {
        None => !table.contains_key(path),
        Some((section, rest)) => match table.get(section) {
            None => true,
            Some(Value::Table(inner)) => is_absent(inner, rest),
            Some(_) => false,
        },
    }
}

/// A value as it can be shown.
pub fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => quoted(text),
        Value::Integer(_) | Value::Float(_) | Value::Boolean(_) | Value::Datetime(_) => {
            quoted(&value.to_string())
        }
        Value::Array(list) => {
            let texts = list.iter().map(|one| match one {
                Value::String(text) => without_secret(text),
                Value::Table(_) | Value::Array(_) => "…".to_owned(),
                other => other.to_string(),
            });
            quoted(&texts.collect::<Vec<_>>().join(", "))
        }
        Value::Table(_) => "une section".to_owned(),
    }
}

/// A text as it can be shown, between quotation marks.
pub fn quoted(text: &str) -> String {
    format!("« {} »", shortened(&without_secret(text)))
}

fn shortened(text: &str) -> String {
    let mut letters = text.chars();
    let mut short: String = letters
        .by_ref()
        .take(SHOWN_CHARS_MAX)
        .map(|letter| {
            if letter.is_control() {
                '\u{FFFD}'
            } else {
                letter
            }
        })
        .collect();
    if letters.next().is_some() {
        short.push('…');
    }
    short
}

/// Without what an address says of a password, and without what looks like a key.
fn without_secret(text: &str) -> String {
    let hexadecimal = text.len() >= KEY_DIGITS_MIN && text.chars().all(|c| c.is_ascii_hexdigit());
    if hexadecimal {
        return MASK.to_owned();
    }
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    // As far as the last « @ »: a password that nobody encoded may hold one, or a slash.
    if let Some(end) = text.rfind('@') {
        let user = text.find("://").map_or(0, |scheme| scheme + "://".len());
        if let Some(colon) = text.get(user..end).and_then(|user| user.find(':')) {
            shown.push_str(&text[..=user + colon]);
            shown.push_str(MASK);
            rest = &text[end..];
        }
    }
    let lowered = rest.to_ascii_lowercase();
    if let Some(at) = lowered.find("password=") {
        let from = at + "password=".len();
        let until = rest[from..].find('&').map_or(rest.len(), |end| from + end);
        shown.push_str(&rest[..from]);
        shown.push_str(MASK);
        rest = &rest[until..];
    }
    shown.push_str(rest);
    shown
}

/// Several faults, one a line.
#[derive(Debug)]
pub struct Faults(pub Vec<String>);

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("La configuration ne convient pas.")?;
        for fault in &self.0 {
            write!(f, "\n  {fault}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_in_the_wrong_place_never_shows() {
        for (text, expected) in [
            (
                "postgres://pix:s3cret@db/orga",
                "« postgres://pix:xxx@db/orga »",
            ),
            (
                "postgres://pix:s3c@r/et@db/orga",
                "« postgres://pix:xxx@db/orga »",
            ),
            ("mysql://pix:s3cret@db", "« mysql://pix:xxx@db »"),
            ("pix:s3cret@db", "« pix:xxx@db »"),
            (
                "postgres://db/orga?Password=s3cret&sslmode=disable",
                "« postgres://db/orga?Password=xxx&sslmode=disable »",
            ),
            ("Pix Orga <a@b.fr>", "« Pix Orga <a@b.fr> »"),
            (
                "https://orga.example.org/a",
                "« https://orga.example.org/a »",
            ),
        ] {
            assert_eq!(quoted(text), expected);
        }
        assert_eq!(quoted(&"0a".repeat(32)), "« xxx »");
        assert_eq!(
            quoted(&"é".repeat(90)).chars().count(),
            80 + "«  »…".chars().count()
        );
    }
}
