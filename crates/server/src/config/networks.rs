//! Networks in the configuration: an array of addresses or ranges, or one text where commas separate them, as the
//! environment gives it.

use std::net::IpAddr;

use ipnet::IpNet;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

/// Addresses and ranges, such as `10.1.0.0/16` or `::1`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Networks(pub Vec<IpNet>);

#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Line(String),
    List(Vec<String>),
}

impl<'de> Deserialize<'de> for Networks {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let networks: Result<Vec<IpNet>, String> = match Written::deserialize(deserializer)? {
            Written::Line(line) => line
                .split(',')
                .map(str::trim)
                .filter(|one| !one.is_empty())
                .map(parse)
                .collect(),
            Written::List(list) => list.iter().map(|one| parse(one.trim())).collect(),
        };
        networks.map(Self).map_err(|one| {
            D::Error::custom(format!(
                "« {one} » n'est ni une adresse, ni un réseau tel que 10.1.0.0/16"
            ))
        })
    }
}

fn parse(one: &str) -> Result<IpNet, String> {
    one.parse::<IpNet>()
        .or_else(|_| one.parse::<IpAddr>().map(IpNet::from))
        .map_err(|_| one.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    struct File {
        networks: Networks,
    }

    fn read(toml: &str) -> Result<Vec<String>, String> {
        toml::from_str::<File>(&format!("networks = {toml}"))
            .map(|file| file.networks.0.iter().map(ToString::to_string).collect())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn a_list_or_a_line_of_addresses_and_ranges_is_read() {
        let expected = vec!["10.1.0.0/16".to_owned(), "::1/128".to_owned()];
        assert_eq!(read(r#"["10.1.0.0/16", "::1"]"#).unwrap(), expected);
        assert_eq!(read(r#""10.1.0.0/16, ::1""#).unwrap(), expected);
        assert_eq!(read(r#""""#).unwrap(), Vec::<String>::new());
    }

    #[test]
    fn what_is_no_network_is_named() {
        assert!(
            read(r#"["proxy.example.org"]"#)
                .unwrap_err()
                .contains("proxy.example.org")
        );
    }
}
