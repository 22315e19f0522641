//! The databases that tests make on a server, and the only names they may bear.

use anyhow::{Context as _, Result, ensure};
use url::Url;

/// Names a server whose databases of tests may be made and dropped, such as `postgres://me@localhost/postgres`.
pub const URL_VARIABLE: &str = "PIX_ORGA_TEST_POSTGRES_URL";

/// Names the run whose databases are dropped at its end.
pub const RUN_VARIABLE: &str = "PIX_ORGA_TEST_RUN";

/// The run of tests that no command started: each test drops what it made.
const ALONE: &str = "alone";

/// Every database of a test begins so. No other is ever made, dropped or written.
pub const PREFIX: &str = "pix_orga_test_";

/// PostgreSQL cuts longer names, and two that are cut may be one.
const NAME_BYTES_MAX: usize = 63;

/// The name of a database of a run, such as `pix_orga_test_4f2a_offline`.
///
/// # Errors
/// When it would be longer than PostgreSQL keeps, or is not made of small letters, digits and `_`.
pub fn name(run: &str, of: &str) -> Result<String> {
    let name = format!("{PREFIX}{run}_{of}");
    ensure!(
        name.len() <= NAME_BYTES_MAX,
        "{name} is longer than {NAME_BYTES_MAX} bytes"
    );
    ensure!(is_of_tests(&name), "{name} is no name of a test's database");
    Ok(name)
}

/// The name of a database of the run that the environment names, else of nobody's.
///
/// # Errors
/// As [`name`] does.
pub fn of_run(of: &str) -> Result<String> {
    name(
        &std::env::var(RUN_VARIABLE).unwrap_or_else(|_| ALONE.to_owned()),
        of,
    )
}

/// The server that the environment names to a test.
///
/// # Errors
/// When it names none: the commands that start one are said.
pub fn server() -> Result<String> {
    std::env::var(URL_VARIABLE).with_context(|| {
        format!("{URL_VARIABLE} names no server: `cargo xtask test` or `cargo xtask postgres` starts one")
    })
}

/// Whether a database is one that tests may make and drop.
pub fn is_of_tests(name: &str) -> bool {
    name.len() > PREFIX.len()
        && name.starts_with(PREFIX)
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

/// The address of a database of tests on a server, whatever database the server's address names.
///
/// # Errors
/// When the server's address is no `postgres://` one, or the database is not one of tests.
pub fn database_url(server: &str, database: &str) -> Result<String> {
    ensure!(
        is_of_tests(database),
        "{database} is not called {PREFIX}…: it is left alone"
    );
    let mut url = parse(server)?;
    url.set_path(&format!("/{database}"));
    Ok(url.into())
}

/// Reads a server's address.
///
/// # Errors
/// When it is no `postgres://` one. The address is not repeated: it may hold a password.
pub fn parse(server: &str) -> Result<Url> {
    let url = Url::parse(server)
        .ok()
        .filter(|url| matches!(url.scheme(), "postgres" | "postgresql"));
    url.ok_or_else(|| {
        anyhow::anyhow!(
            "{URL_VARIABLE} is an address such as postgres://me@localhost/postgres, and this is none"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::{database_url, is_of_tests, name};

    #[test]
    fn only_databases_of_tests_are_named() {
        for ours in ["pix_orga_test_a", "pix_orga_test_4f2a_offline"] {
            assert!(is_of_tests(ours), "{ours}");
        }
        for other in [
            "postgres",
            "pix_orga",
            "pix_orga_test_",
            "my_pix_orga_test_a",
            "pix_orga_test_a\"; drop database pix_orga; --",
            "pix_orga_test_A",
            "",
        ] {
            assert!(!is_of_tests(other), "{other}");
            assert!(database_url("postgres://localhost/postgres", other).is_err());
        }
    }

    #[test]
    fn a_database_s_address_keeps_all_of_the_server_s_save_its_database() {
        let one = "pix_orga_test_a";
        for (server, expected) in [
            (
                "postgres://postgres@localhost/postgres?host=/tmp/x/own",
                "postgres://postgres@localhost/pix_orga_test_a?host=/tmp/x/own",
            ),
            (
                "postgresql://me:secret@db.invalid:5433/mine?sslmode=disable",
                "postgresql://me:secret@db.invalid:5433/pix_orga_test_a?sslmode=disable",
            ),
            (
                "postgres://localhost",
                "postgres://localhost/pix_orga_test_a",
            ),
        ] {
            assert_eq!(database_url(server, one).unwrap(), expected);
        }
    }

    #[test]
    fn what_is_no_address_of_postgresql_is_refused_and_not_repeated() {
        for wrong in [
            "",
            "localhost",
            "mysql://me:secret@localhost/x",
            "sqlite://x",
        ] {
            let said = database_url(wrong, "pix_orga_test_a")
                .unwrap_err()
                .to_string();
            assert!(said.contains("PIX_ORGA_TEST_POSTGRES_URL"), "{said}");
            assert!(!said.contains("secret"), "{said}");
        }
    }

    #[test]
    fn a_run_s_names_are_short_enough_to_be_kept_whole() {
        assert_eq!(
            name("4f2a", "offline").unwrap(),
            "pix_orga_test_4f2a_offline"
        );
        assert!(name("4f2a", &"x".repeat(44)).is_ok());
        assert!(name("4f2a", &"x".repeat(45)).is_err());
        assert!(name("4f2a", "Offline").is_err());
    }
}
