//! Several servers in one address, as libpq writes them: `postgres://user@pg1:5432,pg2:5433/base`, or
//! `postgres:///base?host=/run/a,/run/b&port=5432,5433`. The library reads addresses of one server: this makes one of
//! them for each.

use std::net::{IpAddr, Ipv6Addr};
use std::ops::Range;

use url::form_urlencoded;

/// Servers in one address, at most: more is a mistake of typing, and each is asked in turn.
pub const HOSTS_MAX: usize = 8;
/// What libpq calls a server that takes writes: the only kind that serves.
const WRITING: [&str; 2] = ["read-write", "primary"];

/// What is wrong with the servers of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HostsFault {
    /// Between two commas, or before or after one.
    #[error("a server has no name")]
    NoName,
    /// Neither a name, an address of the network, nor the folder of a socket.
    #[error("a server's name is none")]
    Name,
    /// Not a number from 1 to 65535.
    #[error("a port is none")]
    Port,
    /// Neither one for all nor one for each.
    #[error("there are not as many ports as servers")]
    Ports,
    /// More than [`HOSTS_MAX`].
    #[error("there are too many servers")]
    TooMany,
    /// `hostaddr` beside several servers.
    #[error("hostaddr names one server alone")]
    HostAddress,
    /// `target_session_attrs` asks for a server that need not take writes.
    #[error("target_session_attrs asks for a server that takes no writes")]
    Session,
}

/// Where the servers stand in an address, between the user and the database.
pub fn written(address: &str) -> Option<Range<usize>> {
    let from = address.find("://")? + "://".len();
    let rest = &address[from..];
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let begin = rest[..end].rfind('@').map_or(0, |at| at + 1);
    Some(from + begin..from + end)
}

/// The address of each server, in their order. That of one server stays as it is written.
///
/// # Errors
/// [`HostsFault`].
pub fn each(address: &str) -> Result<Vec<String>, HostsFault> {
    let Some(place) = written(address) else {
        return Ok(vec![address.to_owned()]);
    };
    let (before, after) = (&address[..place.start], &address[place.end..]);
    let after = after.split('#').next().unwrap_or_default();
    let (path, query) = after.split_once('?').unwrap_or((after, ""));
    let asked = Asked::of(query)?;
    let servers = asked.servers(&address[place.clone()])?;
    if servers.len() == 1 {
        if !asked.session {
            return Ok(vec![address.to_owned()]);
        }
        let pairs = [asked.places, asked.others].concat().join("&");
        let written = &address[place];
        return Ok(vec![format!("{before}{written}{path}?{pairs}")]);
    }
    if asked.host_address {
        return Err(HostsFault::HostAddress);
    }
    let others: String = asked.others.iter().flat_map(|pair| [pair, "&"]).collect();
    let one = |server: &Server| {
        let name: String = form_urlencoded::byte_serialize(server.name.as_bytes()).collect();
        let port = server
            .port
            .map_or_else(String::new, |port| format!("&port={port}"));
        // A parameter replaces what stands there, and can be a socket's folder too.
        format!("{before}localhost{path}?{others}host={name}{port}")
    };
    Ok(servers.iter().map(one).collect())
}

/// One server.
struct Server {
    name: String,
    port: Option<u16>,
}

/// What the parameters of an address say of servers; the others as they are written.
#[derive(Default)]
struct Asked<'a> {
    hosts: Option<String>,
    ports: Option<String>,
    host_address: bool,
    /// `target_session_attrs` asks for what we do anyway.
    session: bool,
    places: Vec<&'a str>,
    others: Vec<&'a str>,
}

impl<'a> Asked<'a> {
    fn of(query: &'a str) -> Result<Self, HostsFault> {
        let mut asked = Self::default();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let read = form_urlencoded::parse(pair.as_bytes()).into_owned().next();
            let (name, value) = read.unwrap_or_default();
            match name.as_str() {
                "host" => asked.hosts = Some(value),
                "port" => asked.ports = Some(value),
                "target_session_attrs" if WRITING.contains(&value.as_str()) => {
                    asked.session = true;
                    continue;
                }
                "target_session_attrs" => return Err(HostsFault::Session),
                other => {
                    asked.host_address |= other == "hostaddr";
                    asked.others.push(pair);
                    continue;
                }
            }
            asked.places.push(pair);
        }
        Ok(asked)
    }

    /// The servers, where the address has this before its database. Parameters go before it, as for libpq.
    fn servers(&self, written: &str) -> Result<Vec<Server>, HostsFault> {
        let (names, mut ports) = match &self.hosts {
            Some(hosts) => {
                let port = written.rsplit_once(':').filter(|_| !written.contains(','));
                let port = port.map_or("", |(_, port)| port);
                let names: Vec<String> = hosts.split(',').map(str::to_owned).collect();
                (names, vec![port.to_owned()])
            }
            None => written.split(',').map(apart).collect(),
        };
        if let Some(asked) = &self.ports {
            ports = asked.split(',').map(str::to_owned).collect();
        }
        let alone = names.len() == 1;
        if alone && ports.len() == 1 {
            // The library reads it by itself, whatever it is.
            let name = names.into_iter().next().unwrap_or_default();
            return Ok(vec![Server { name, port: None }]);
        }
        if ports.len() == 1 {
            ports.resize(names.len(), ports.first().cloned().unwrap_or_default());
        }
        if ports.len() != names.len() {
            return Err(HostsFault::Ports);
        }
        if names.len() > HOSTS_MAX {
            return Err(HostsFault::TooMany);
        }
        let pairs = names.iter().zip(&ports);
        pairs
            .map(|(name, port)| {
                Ok(Server {
                    name: named(name)?,
                    port: numbered(port)?,
                })
            })
            .collect()
    }
}

/// The name and the port of `name:port`, `[::1]:port` or `name`; the name without its escapes.
fn apart(written: &str) -> (String, String) {
    let bracket = written.find(']').filter(|_| written.starts_with('['));
    let from = bracket.unwrap_or(0);
    let end = written[from..]
        .find(':')
        .map_or(written.len(), |colon| from + colon);
    let (name, rest) = written.split_at(end);
    let port = rest.strip_prefix(':').unwrap_or(rest);
    // A plus sign stands for itself here.
    let name = format!("name={}", name.replace('+', "%2B"));
    let read = form_urlencoded::parse(name.as_bytes()).into_owned().next();
    (read.unwrap_or_default().1, port.to_owned())
}

fn named(name: &str) -> Result<String, HostsFault> {
    let inside = name
        .strip_prefix('[')
        .and_then(|name| name.strip_suffix(']'));
    let fits = match inside {
        Some(inside) => inside.parse::<Ipv6Addr>().is_ok(),
        None if name.is_empty() => return Err(HostsFault::NoName),
        None if name.starts_with('/') => !name.contains('\0'),
        None if name.parse::<IpAddr>().is_ok() => true,
        None => name
            .chars()
            .all(|c| c.is_alphanumeric() || "-._".contains(c)),
    };
    if fits {
        Ok(name.to_owned())
    } else {
        Err(HostsFault::Name)
    }
}

/// None where nothing is written: the usual one.
fn numbered(port: &str) -> Result<Option<u16>, HostsFault> {
    if port.is_empty() {
        return Ok(None);
    }
    let digits = port.bytes().all(|byte| byte.is_ascii_digit());
    let number = port.parse().ok().filter(|number| digits && *number != 0);
    number.map(Some).ok_or(HostsFault::Port)
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use proptest::prelude::*;
    use sqlx::postgres::PgConnectOptions;
    use url::Url;

    use super::*;

    fn read(address: &str) -> Vec<(String, u16)> {
        let servers = each(address).unwrap_or_else(|fault| panic!("{address}: {fault}"));
        let servers = servers.iter().map(|one| {
            let one: PgConnectOptions = one.parse().unwrap();
            let socket = one.get_socket().map(|folder| folder.display().to_string());
            (socket.unwrap_or(one.get_host().to_owned()), one.get_port())
        });
        servers.collect()
    }

    #[test]
    fn servers_are_read_as_libpq_reads_them() {
        for (address, servers) in [
            (
                "postgres://pix@a:5433,b:5434/orga",
                [("a", 5433), ("b", 5434)],
            ),
            ("postgresql://pix@a,b:5434/orga", [("a", 5432), ("b", 5434)]),
            ("postgres://pix@a,b", [("a", 5432), ("b", 5432)]),
            ("postgres://a:5433,b:?x=1", [("a", 5433), ("b", 5432)]),
            (
                "postgres://pix@a,b/orga?port=6432",
                [("a", 6432), ("b", 6432)],
            ),
            ("postgres://pix@a:1,b:2/orga?port=3,4", [("a", 3), ("b", 4)]),
            ("postgres://pix@x:7/orga?host=a,b", [("a", 7), ("b", 7)]),
            (
                "postgres:///orga?host=/run/a,/run/b",
                [("/run/a", 5432), ("/run/b", 5432)],
            ),
            (
                "postgres:///orga?host=%2Frun%2Fa,/run/b%20c&port=5433,5434",
                [("/run/a", 5433), ("/run/b c", 5434)],
            ),
            (
                "postgres://pix@%2Frun%2Fa,%2Frun%2Fb:5433/orga",
                [("/run/a", 5432), ("/run/b", 5433)],
            ),
            (
                "postgres://pix@[::1]:5433,[fe80::2]/orga",
                [("[::1]", 5433), ("[fe80::2]", 5432)],
            ),
            (
                "postgres://pix@127.0.0.1,pg-2.example.org/orga",
                [("127.0.0.1", 5432), ("pg-2.example.org", 5432)],
            ),
        ] {
            let expected = servers.map(|(name, port)| (name.to_owned(), port));
            assert_eq!(read(address), expected, "{address}");
        }
    }

    #[test]
    fn an_address_of_one_server_stays_as_it_is_written() {
        for address in [
            "postgres://pix:s3cret@db:5433/orga?sslmode=disable",
            "postgres:///orga?host=/run/postgresql&port=5433",
            "postgres://pix@[::1]/orga",
            "postgres://",
            "postgres",
            "",
            "postgres://pix@db:port/orga",
            "postgres://pix@db/orga?options=-c%20a%3Db,c#x",
        ] {
            assert_eq!(each(address).unwrap(), [address]);
        }
        let one =
            each("postgres://pix@db:5433/orga?target_session_attrs=read-write&sslmode=disable");
        assert_eq!(
            one.unwrap(),
            ["postgres://pix@db:5433/orga?sslmode=disable"]
        );
    }

    #[test]
    fn lists_that_cannot_be_meant_are_refused() {
        for (address, fault) in [
            ("postgres://pix@a,/orga", HostsFault::NoName),
            ("postgres://pix@,a/orga", HostsFault::NoName),
            ("postgres://a,,b/orga", HostsFault::NoName),
            ("postgres://a,:5433/orga", HostsFault::NoName),
            ("postgres:///orga?host=/run/a,", HostsFault::NoName),
            ("postgres://a, b/orga", HostsFault::Name),
            ("postgres://a;b,c/orga", HostsFault::Name),
            ("postgres://::1,a/orga", HostsFault::NoName),
            ("postgres://[::g],a/orga", HostsFault::Name),
            ("postgres://[::1,a/orga", HostsFault::Name),
            ("postgres://[::1]5433,a/orga", HostsFault::Name),
            ("postgres://fe80::1,a/orga", HostsFault::Port),
            ("postgres://a:0,b/orga", HostsFault::Port),
            ("postgres://a:65536,b/orga", HostsFault::Port),
            ("postgres://a:+5,b/orga", HostsFault::Port),
            ("postgres://a:x,b/orga", HostsFault::Port),
            ("postgres://a,b/orga?port=1,x", HostsFault::Port),
            ("postgres://a,b,c/orga?port=1,2", HostsFault::Ports),
            ("postgres://a/orga?port=1,2", HostsFault::Ports),
            ("postgres://a,b,c,d,e,f,g,h,i/orga", HostsFault::TooMany),
            (
                "postgres://a,b/orga?hostaddr=127.0.0.1",
                HostsFault::HostAddress,
            ),
            (
                "postgres://a,b/orga?target_session_attrs=any",
                HostsFault::Session,
            ),
            (
                "postgres://a/orga?target_session_attrs=standby",
                HostsFault::Session,
            ),
        ] {
            assert_eq!(each(address), Err(fault), "{address}");
        }
    }

    fn server() -> impl Strategy<Value = String> {
        prop_oneof![
            "[a-z][a-z0-9-]{0,8}(\\.[a-z]{2,4})?",
            any::<std::net::Ipv4Addr>().prop_map(|address| address.to_string()),
            any::<Ipv6Addr>().prop_map(|address| format!("[{address}]")),
        ]
    }

    proptest! {
        #[test]
        fn each_server_keeps_its_port_and_everything_else_of_the_address(
            servers in proptest::collection::vec((server(), proptest::option::of(1_u16..)), 2..=HOSTS_MAX),
            user in "[a-z_]{1,8}",
            password in "\\PC{1,12}",
            database in "[a-z_]{1,8}",
        ) {
            let secret: String = form_urlencoded::byte_serialize(password.as_bytes()).collect();
            let secret = secret.replace('+', "%20");
            let list: Vec<String> = servers
                .iter()
                .map(|(name, port)| port.map_or(name.clone(), |port| format!("{name}:{port}")))
                .collect();
            let address = format!(
                "postgres://{user}:{secret}@{}/{database}?sslmode=disable&sslrootcert=/x",
                list.join(",")
            );
            prop_assert_eq!(&address[written(&address).unwrap()], list.join(","));
            let read = each(&address).unwrap();
            prop_assert_eq!(read.len(), servers.len());
            for (one, (name, port)) in read.iter().zip(&servers) {
                let parsed = Url::parse(one).unwrap();
                prop_assert_eq!(parsed.password(), Some(secret.as_str()));
                let one: PgConnectOptions = one.parse().unwrap();
                prop_assert_eq!(one.get_host(), name);
                prop_assert_eq!(one.get_port(), port.unwrap_or(5432));
                prop_assert_eq!(one.get_username(), &user);
                prop_assert_eq!(one.get_database(), Some(database.as_str()));
            }
        }

        #[test]
        fn sockets_keep_their_folders(folders in proptest::collection::vec("/[a-z é%&+]{1,8}", 2..=HOSTS_MAX)) {
            let written: String = form_urlencoded::byte_serialize(folders.join(",").as_bytes()).collect();
            let read = each(&format!("postgres://pix@/orga?user=x&host={written}")).unwrap();
            for (one, folder) in read.iter().zip(&folders) {
                let one: PgConnectOptions = one.parse().unwrap();
                prop_assert_eq!(one.get_socket().map(PathBuf::as_path), Some(Path::new(folder)));
                prop_assert_eq!(one.get_username(), "x");
            }
        }

        #[test]
        fn any_text_is_read_or_refused(address in "(postgres://)?[a-z@:,/?=&\\[\\]%é]{0,30}") {
            if let Ok(read) = each(&address) {
                prop_assert!(!read.is_empty() && read.len() <= HOSTS_MAX);
            }
        }
    }
}
