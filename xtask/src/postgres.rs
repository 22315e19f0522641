//! The PostgreSQL that tests and checked queries run on: the one a person named, else a throwaway one.

use std::process::Command;
use std::sync::Once;
use std::time::{Duration, SystemTime};

use anyhow::{Context as _, Result};
use clap::Args;
use xtask_cluster::databases::{PREFIX, RUN_VARIABLE, URL_VARIABLE, name, parse};
use xtask_cluster::{Cluster, cluster, database_url};

use crate::process::{cargo, step};
use crate::provide::{Install, postgres};

/// What a shell says of a command ended by Ctrl+C.
const INTERRUPTED: i32 = 130;

static SIGNALS: Once = Once::new();

/// What `postgres` can be told.
#[derive(Args)]
pub struct Options {
    /// Install nothing: say what to type instead.
    #[arg(long)]
    no_install: bool,
}

/// Runs a throwaway server until Ctrl+C, for tests that are started by hand.
pub fn run(options: &Options) -> Result<()> {
    let cluster = start(Install::unless(options.no_install))?;
    println!(
        "\nTests started elsewhere use this server once told so:\n\n  export {URL_VARIABLE}='{}'\n\nCtrl+C stops it and removes its data.",
        cluster.url()
    );
    loop {
        std::thread::sleep(Duration::from_hours(1));
    }
}

/// A server for the length of a command. Dropped, nothing stays of it, nor of this run's databases.
pub struct Server {
    url: String,
    run: String,
    // None for the one that a person named.
    throwaway: Option<Cluster>,
}

impl Server {
    /// The one that [`URL_VARIABLE`] names, else a throwaway one. `DATABASE_URL` is never read.
    pub fn provide(install: Install) -> Result<Self> {
        let run = run_id();
        let Some(given) = std::env::var_os(URL_VARIABLE).filter(|given| !given.is_empty()) else {
            let throwaway = start(install)?;
            return Ok(Self {
                url: throwaway.url(),
                run,
                throwaway: Some(throwaway),
            });
        };
        let url = given
            .into_string()
            .ok()
            .with_context(|| format!("{URL_VARIABLE} is no text"))?;
        parse(&url)?;
        println!(
            "\nPostgreSQL: the server of {URL_VARIABLE}; only databases called {PREFIX}… are made and dropped there"
        );
        Ok(Self {
            url,
            run,
            throwaway: None,
        })
    }

    /// What tests read: the server, and the run whose databases are dropped at its end.
    pub fn environment(&self) -> [(&'static str, &str); 2] {
        [(URL_VARIABLE, &self.url), (RUN_VARIABLE, &self.run)]
    }

    /// The address of a database of this run, to be made.
    pub fn database(&self, of: &str) -> Result<String> {
        database_url(&self.url, &name(&self.run, of)?)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.throwaway.is_some() {
            return;
        }
        let run = format!("{PREFIX}{}_", self.run);
        let dropped = step(
            "databases of this run dropped",
            migrate_tool()
                .args(["drop", &run])
                .env(URL_VARIABLE, &self.url),
        );
        if let Err(error) = dropped {
            eprintln!("{error:#}: those called {run}… stay");
        }
    }
}

/// The tool that speaks to databases, a package apart.
pub fn migrate_tool() -> Command {
    let mut command = cargo();
    command.args(["run", "--quiet", "--locked", "-p", "xtask-migrate", "--"]);
    command
}

fn start(install: Install) -> Result<Cluster> {
    let binaries = postgres::provide(install)?;
    SIGNALS.call_once(|| {
        let set = ctrlc::set_handler(|| {
            cluster::remove_all();
            std::process::exit(INTERRUPTED);
        });
        if let Err(error) = set {
            eprintln!("Ctrl+C will leave the server to the next run: {error}");
        }
    });
    let cluster = Cluster::start(&binaries)?;
    println!(
        "\nPostgreSQL {}: a throwaway server, removed at the end",
        binaries.version()
    );
    Ok(cluster)
}

/// Two runs on one server never have the same.
fn run_id() -> String {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let seconds = since.map_or(0, |since| since.as_secs());
    format!("{seconds:x}{:x}", std::process::id())
}

#[cfg(test)]
mod tests {
    use super::{Server, run_id};

    #[test]
    fn a_run_s_databases_are_of_tests_and_of_this_run() {
        let server = Server {
            url: "postgres://me@db.invalid/mine".to_owned(),
            run: run_id(),
            throwaway: None,
        };
        let url = server.database("offline").unwrap();
        let expected = format!(
            "postgres://me@db.invalid/pix_orga_test_{}_offline",
            server.run
        );
        assert_eq!(url, expected);
        // Nothing to drop: no such server.
        std::mem::forget(server);
    }
}
