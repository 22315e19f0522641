//! `cargo xtask sqlx`: the offline data that checks the SQL queries where no database is at hand.
//!
//! A throwaway database gets the store's migrations; then the store is checked against it, and the query macros
//! write what they learn. The stores are not linked here: this must work when their data is stale, to mend it.

use std::any::Any;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};

use crate::postgres::{Server, migrate_tool};
use crate::process::{cargo, root, step};
use crate::provide::Install;

/// What `sqlx` can do.
#[derive(Subcommand)]
pub enum Action {
    /// Write the offline data again. To be committed with the query or the migration that changed it.
    Prepare(Options),
    /// Fail when the committed offline data is not what `prepare` would write.
    Check(Options),
}

/// What either can be told.
#[derive(Args)]
pub struct Options {
    /// Install nothing: say what to type instead.
    #[arg(long)]
    no_install: bool,
}

/// A store whose queries are checked while it compiles.
struct Store {
    package: &'static str,
    folder: &'static str,
    /// The variable its `sqlx.toml` names.
    url_variable: &'static str,
    database: Database,
}

#[derive(Clone, Copy)]
enum Database {
    Sqlite,
    Postgres,
}

const STORES: &[Store] = &[
    Store {
        package: "pix-orga-store-sqlite",
        folder: "crates/store-sqlite",
        url_variable: "SQLITE_DATABASE_URL",
        database: Database::Sqlite,
    },
    Store {
        package: "pix-orga-store-postgres",
        folder: "crates/store-postgres",
        url_variable: "PG_DATABASE_URL",
        database: Database::Postgres,
    },
];

impl Database {
    /// The address of one, and what it is gone with.
    fn throwaway(self, install: Install) -> Result<(String, Box<dyn Any>)> {
        match self {
            Self::Sqlite => {
                let folder = tempfile::tempdir()?;
                let path = folder.path().join("throwaway.db");
                let url = format!("sqlite://{}?mode=rwc", path.display());
                Ok((url, Box::new(folder)))
            }
            Self::Postgres => {
                let server = Server::provide(install)?;
                Ok((server.database("offline")?, Box::new(server)))
            }
        }
    }
}

/// Prepares or checks every store the workspace has.
pub fn run(action: &Action) -> Result<()> {
    match action {
        Action::Prepare(options) => prepare(Install::unless(options.no_install)),
        Action::Check(options) => check(Install::unless(options.no_install)),
    }
}

fn prepare(install: Install) -> Result<()> {
    for store in present(&root()) {
        // Apart first: a store that does not compile must not lose the data it has.
        let fresh = tempfile::tempdir()?;
        store.write(fresh.path(), install)?;
        let committed = store.offline_data(&root());
        replace(&committed, &contents(fresh.path())?)?;
        println!(
            "sqlx: {} queries in {}",
            contents(&committed)?.len(),
            committed.display()
        );
    }
    Ok(())
}

/// Fails when the committed offline data is not what `prepare` would write.
pub fn check(install: Install) -> Result<()> {
    for store in present(&root()) {
        let fresh = tempfile::tempdir()?;
        store.write(fresh.path(), install)?;
        let stale = differences(
            &contents(&store.offline_data(&root()))?,
            &contents(fresh.path())?,
        );
        if !stale.is_empty() {
            bail!(
                "the offline data of {} is stale, `cargo xtask sqlx prepare` renews it:\n  {}",
                store.package,
                stale.join("\n  ")
            );
        }
        println!("sqlx: the offline data of {} is fresh", store.package);
    }
    Ok(())
}

fn present(root: &Path) -> Vec<&'static Store> {
    STORES
        .iter()
        .filter(|store| root.join(store.folder).join("migrations").is_dir())
        .collect()
}

impl Store {
    fn offline_data(&self, root: &Path) -> PathBuf {
        root.join(self.folder).join(".sqlx")
    }

    fn write(&self, into: &Path, install: Install) -> Result<()> {
        let (url, _held) = self.database.throwaway(install)?;
        step(
            &format!("migrations of {}", self.package),
            migrate_tool()
                .args(["migrate", &url])
                .arg(root().join(self.folder).join("migrations")),
        )?;
        // The macros only run when the crate is compiled again, and cargo does not watch the database.
        touch_sources(&root().join(self.folder))?;
        step(
            &format!("queries of {}", self.package),
            cargo()
                .args([
                    "check",
                    "--quiet",
                    "--locked",
                    "--all-targets",
                    "-p",
                    self.package,
                ])
                .env("SQLX_OFFLINE", "false")
                .env("SQLX_OFFLINE_DIR", into)
                .env(self.url_variable, &url),
        )
    }
}

fn touch_sources(folder: &Path) -> Result<()> {
    for entry in
        fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?
    {
        let path = entry?.path();
        if path.is_dir() {
            touch_sources(&path)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            File::options()
                .append(true)
                .open(&path)?
                .set_modified(SystemTime::now())?;
        }
    }
    Ok(())
}

/// What is written is all there is: a query that is gone leaves nothing behind.
fn replace(folder: &Path, with: &Contents) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)?;
    for (name, bytes) in with {
        fs::write(folder.join(name), bytes)?;
    }
    Ok(())
}

type Contents = BTreeMap<OsString, Vec<u8>>;

fn contents(folder: &Path) -> Result<Contents> {
    if !folder.exists() {
        return Ok(Contents::new());
    }
    fs::read_dir(folder)?
        .map(|entry| {
            let entry = entry?;
            Ok((entry.file_name(), fs::read(entry.path())?))
        })
        .collect()
}

fn differences(committed: &Contents, fresh: &Contents) -> Vec<String> {
    let said = |name: &OsString, what: &str| format!("{}: {what}", name.to_string_lossy());
    let gone = committed
        .keys()
        .filter(|name| !fresh.contains_key(*name))
        .map(|name| said(name, "no query has it any more"));
    let missing = fresh
        .iter()
        .filter_map(|(name, bytes)| match committed.get(name) {
            None => Some(said(name, "missing")),
            Some(old) if old != bytes => Some(said(name, "the database answers otherwise")),
            Some(_) => None,
        });
    gone.chain(missing).collect()
}

#[cfg(test)]
mod tests {
    use super::{Contents, contents, differences, replace};

    fn data(files: &[(&str, &str)]) -> Contents {
        files
            .iter()
            .map(|(name, text)| ((*name).into(), text.as_bytes().to_vec()))
            .collect()
    }

    #[test]
    fn each_kind_of_staleness_is_said() {
        let committed = data(&[("gone", "1"), ("same", "1"), ("changed", "1")]);
        let fresh = data(&[("same", "1"), ("changed", "2"), ("new", "1")]);
        assert_eq!(
            differences(&committed, &fresh),
            [
                "gone: no query has it any more",
                "changed: the database answers otherwise",
                "new: missing"
            ]
        );
        assert_eq!(differences(&fresh, &fresh), Vec::<String>::new());
    }

    #[test]
    fn nothing_stays_of_what_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let inside = folder.path().join("data");
        replace(&inside, &data(&[("a", "1"), ("b", "1")])).unwrap();
        replace(&inside, &data(&[("b", "2")])).unwrap();
        assert_eq!(contents(&inside).unwrap(), data(&[("b", "2")]));
    }

    #[test]
    fn a_folder_that_is_not_there_holds_nothing() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(
            contents(&folder.path().join("none")).unwrap(),
            Contents::new()
        );
        std::fs::write(folder.path().join("a"), "1").unwrap();
        assert_eq!(contents(folder.path()).unwrap(), data(&[("a", "1")]));
    }
}
