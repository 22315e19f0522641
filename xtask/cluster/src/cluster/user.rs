//! Who runs the server: PostgreSQL refuses root.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};

/// In order of preference, when we are root.
const USERS: &[&str] = &["postgres", "nobody"];

/// Whom the server runs as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServerUser {
    /// Us.
    Ourselves,
    /// Another, by number, because we are root.
    Other {
        /// The user's number.
        user: u32,
        /// The group's.
        group: u32,
    },
}

impl ServerUser {
    pub fn choose() -> Result<Self> {
        if !is_root() {
            return Ok(Self::Ourselves);
        }
        let users = fs::read_to_string("/etc/passwd").context("who are the users?")?;
        USERS
            .iter()
            .find_map(|name| in_passwd(&users, name))
            .context(
                "PostgreSQL refuses to run as root, and there is neither `postgres` nor `nobody`",
            )
    }

    /// Gives the server its folder: closed to others, reached through a parent that shows nothing.
    pub fn give(self, parent: &Path, folder: &Path) -> Result<()> {
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
        if let Self::Other { user, group } = self {
            chown(folder, Some(user), Some(group))?;
            fs::set_permissions(parent, fs::Permissions::from_mode(0o711))?;
        }
        Ok(())
    }

    /// Gives the server a file that nobody else reads.
    pub fn give_file(self, file: &Path) -> Result<()> {
        fs::set_permissions(file, fs::Permissions::from_mode(0o600))?;
        if let Self::Other { user, group } = self {
            chown(file, Some(user), Some(group))?;
        }
        Ok(())
    }

    pub fn run(self, command: &mut Command) -> &mut Command {
        match self {
            Self::Ourselves => command,
            Self::Other { user, group } => command.uid(user).gid(group),
        }
    }
}

/// Whether this process is root's.
pub fn is_root() -> bool {
    own_user() == Some(0)
}

/// The number of this process's user.
pub fn own_user() -> Option<u32> {
    fs::metadata("/proc/self")
        .ok()
        .map(|metadata| metadata.uid())
}

fn in_passwd(users: &str, name: &str) -> Option<ServerUser> {
    users.lines().find_map(|line| {
        let mut fields = line.split(':');
        if fields.next() != Some(name) {
            return None;
        }
        let user = fields.nth(1)?.parse().ok()?;
        let group = fields.next()?.parse().ok()?;
        (user != 0).then_some(ServerUser::Other { user, group })
    })
}

#[cfg(test)]
mod tests {
    use super::{ServerUser, in_passwd};

    #[test]
    fn a_user_is_found_by_its_whole_name_and_is_never_root() {
        let users = "root:x:0:0:root:/root:/bin/bash\n\
                     postgresque:x:9:9::/:/bin/sh\n\
                     postgres:x:101:104:PostgreSQL,,,:/var/lib/postgresql:/bin/bash\n\
                     nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n\
                     toor:x:0:7::/:/bin/sh\n";
        let expected = ServerUser::Other {
            user: 101,
            group: 104,
        };
        assert_eq!(in_passwd(users, "postgres"), Some(expected));
        assert_eq!(in_passwd(users, "toor"), None);
        assert_eq!(in_passwd(users, "mysql"), None);
    }
}
