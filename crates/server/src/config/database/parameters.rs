//! The parameters of an address of PostgreSQL. The library skips those it does not know, so that one letter wrong in
//! `sslmode` would leave the server's certificate unchecked.

use std::path::PathBuf;

use url::form_urlencoded;

/// Each parameter, by every name that the library takes.
const KNOWN: [&[&str]; 14] = [
    &["sslmode", "ssl-mode"],
    &["sslrootcert", "ssl-root-cert", "ssl-ca"],
    &["sslcert", "ssl-cert"],
    &["sslkey", "ssl-key"],
    &["host"],
    &["hostaddr"],
    &["port"],
    &["dbname"],
    &["user"],
    &["password"],
    &["options"],
    &["application_name"],
    &["statement-cache-capacity"],
    &["target_session_attrs"],
];
const SSLMODE: &str = KNOWN[0][0];
const ROOT: &str = KNOWN[1][0];
/// What the library does of `allow` is `disable`, which is another thing.
const MODES: [&str; 5] = ["disable", "prefer", "require", "verify-ca", "verify-full"];
/// In these, and in no other, the server's certificate is looked at.
const CHECKING: [&str; 2] = ["verify-ca", "verify-full"];
/// Longer is no name, and may be part of a password that holds a « ? ».
const NAME_BYTES_MAX: usize = 40;

/// Whether each parameter is known, said once, and does what who wrote it expects.
///
/// # Errors
/// What to write instead.
pub fn check(address: &str) -> Result<(), String> {
    let mut said: Vec<(&str, String)> = Vec::new();
    for (name, value) in pairs(address) {
        if is_setting(&name) {
            continue;
        }
        let Some(known) = KNOWN.iter().find(|names| names.contains(&&*name)) else {
            return Err(unknown(&name));
        };
        let known = known[0];
        if said.iter().any(|(other, _)| *other == known) {
            return Err(format!("une adresse qui dit « {known} » une seule fois"));
        }
        said.push((known, value.into_owned()));
    }
    let value = |name: &str| {
        let found = said.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value.as_str())
    };
    let mode = value(SSLMODE);
    if mode.is_some_and(|mode| !MODES.contains(&mode)) {
        let modes = MODES.join(", ");
        return Err(format!("une adresse dont « sslmode » est l’un de {modes}"));
    }
    if value(ROOT).is_some() && !mode.is_some_and(|mode| CHECKING.contains(&mode)) {
        return Err(
            "« sslmode=verify-full » avec « sslrootcert » : sinon, aucun certificat n’est vérifié"
                .to_owned(),
        );
    }
    Ok(())
}

/// The file of the authorities that may sign the server's certificate, when one is named.
pub fn authority(address: &str) -> Option<PathBuf> {
    let (_, value) = pairs(address).find(|(name, _)| KNOWN[1].contains(&&**name))?;
    // The library takes a certificate itself, too.
    let is_file = !value.trim_start().starts_with("-----BEGIN");
    is_file.then(|| PathBuf::from(&*value))
}

fn pairs(address: &str) -> form_urlencoded::Parse<'_> {
    let address = address.split('#').next().unwrap_or_default();
    let query = address.split_once('?').map_or("", |(_, query)| query);
    form_urlencoded::parse(query.as_bytes())
}

/// `options[statement_timeout]` and the like: any setting of PostgreSQL.
fn is_setting(name: &str) -> bool {
    name.strip_prefix("options[")
        .and_then(|rest| rest.strip_suffix(']'))
        .is_some_and(|setting| !setting.is_empty())
}

fn unknown(name: &str) -> String {
    let known = KNOWN.map(|names| names[0]).join(", ");
    let is_name = name.len() <= NAME_BYTES_MAX
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_[]".contains(&byte));
    if is_name && !name.is_empty() {
        format!("une adresse sans le paramètre « {name} », qui n’existe pas ; il y a : {known}")
    } else {
        format!(
            "des paramètres qui existent après « ? » (dans un mot de passe, « ? » s’écrit %3F) ; il y a : {known}"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn a_parameter_that_would_be_skipped_is_refused_by_its_name() {
        for sound in [
            "postgres://pix@db/orga",
            "postgres://pix@db/orga?",
            "postgres://pix@db/orga?sslmode=verify-full&sslrootcert=/etc/pix-orga/ca.pem",
            "postgres://pix@db/orga?sslmode=verify-ca&ssl-ca=/ca.pem",
            "postgres:///orga?host=/run/postgresql&port=5433&user=pix&password=a%3Fb%26c",
            "postgres://pix@db/orga?sslmode=disable&options[search_path]=orga&options[work_mem]=8MB",
            "postgres://pix@db/orga?options=-c%20search_path%3Dorga",
        ] {
            assert_eq!(check(sound), Ok(()), "{sound}");
        }
        for (query, said) in [
            ("sslmod=verify-full", "« sslmod », qui n’existe pas"),
            ("SSLMODE=verify-full", "« SSLMODE »"),
            ("sslmode=verify-full&sslrotcert=/ca.pem", "« sslrotcert »"),
            (
                "sslmode=verify-full&connect_timeout=3",
                "« connect_timeout »",
            ),
            ("options[]=a", "« options[] »"),
            ("host=/run/a&amp;port=1", "%3F"),
            ("sslmode=verify_full", "verify-full"),
            ("sslmode=", "verify-full"),
            ("sslmode", "verify-full"),
            ("sslmode=allow", "« sslmode » est l’un de"),
            ("sslmode=verify-full&sslmode=disable", "une seule fois"),
            ("sslmode=verify-full&ssl-mode=disable", "une seule fois"),
            ("sslrootcert=/ca.pem", "« sslmode=verify-full » avec"),
            (
                "sslrootcert=/ca.pem&sslmode=require",
                "« sslmode=verify-full » avec",
            ),
            ("é=1", "%3F"),
            ("=1", "%3F"),
        ] {
            let refused = check(&format!("postgres://pix@db/orga?{query}")).unwrap_err();
            assert!(refused.contains(said), "{query}: {refused}");
        }
    }

    #[test]
    fn what_follows_a_question_mark_in_a_password_is_not_told() {
        let refused = check("postgres://pix:mot?depasse@db/orga?sslmode=require").unwrap_err();
        assert!(!refused.contains("depasse"), "{refused}");
    }
}
