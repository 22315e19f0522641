//! How pupils come from the GAR.

use std::path::PathBuf;

use serde::{Deserialize, Deserializer, Serialize};

/// How pupils come from the GAR. Without this section, none signs in.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct GarConfig {
    /// The GAR's metadata, in a file that somebody read: it says whose signatures are trusted.
    pub metadata: PathBuf,
    /// Where `gar metadata refresh` takes them again.
    pub metadata_url: Option<String>,
    /// Our keys, one file each, one or two: the first signs, the GAR is told of all. The environment separates them by
    /// commas.
    #[serde(deserialize_with = "files")]
    pub keys: Vec<PathBuf>,
    /// The attributes that the resource's contract has, among those that we read; by default, all of them. The environment
    /// separates them by commas.
    #[serde(default, deserialize_with = "names")]
    pub delivered: Option<Vec<String>>,
    /// The resource's address as it was declared to the GAR; by default, `/gar/login` of the public address.
    pub resource_url: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Line(String),
    List(Vec<String>),
}

fn files<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<PathBuf>, D::Error> {
    let listed = listed(deserializer)?;
    Ok(listed.into_iter().map(PathBuf::from).collect())
}

fn names<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<String>>, D::Error> {
    listed(deserializer).map(Some)
}

fn listed<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    Ok(match Written::deserialize(deserializer)? {
        Written::List(list) => list,
        Written::Line(line) => line
            .split(',')
            .map(str::trim)
            .filter(|one| !one.is_empty())
            .map(str::to_owned)
            .collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(keys: &str) -> Result<GarConfig, toml::de::Error> {
        toml::from_str(&format!("metadata = \"gar.xml\"\nkeys = {keys}"))
    }

    #[test]
    fn keys_are_a_list_or_a_line_with_commas() {
        let expected = ["a.pem", "b.pem"].map(PathBuf::from);
        assert_eq!(read(r#"["a.pem", "b.pem"]"#).unwrap().keys, expected);
        assert_eq!(read(r#""a.pem, b.pem""#).unwrap().keys, expected);
        assert!(read(r#""""#).unwrap().keys.is_empty());
        let delivered = |more: &str| read(&format!("[]\n{more}")).unwrap().delivered;
        assert_eq!(delivered(""), None);
        let three = Some(["IDO", "NOM", "PRE"].map(str::to_owned).to_vec());
        assert_eq!(delivered(r#"delivered = ["IDO", "NOM", "PRE"]"#), three);
        assert_eq!(delivered(r#"delivered = "IDO, NOM,PRE""#), three);
        assert!(read("7").is_err());
        assert!(read("[]\ncolour = 1").is_err());
    }
}
