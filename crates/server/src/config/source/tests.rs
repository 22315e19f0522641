use std::os::unix::ffi::OsStringExt as _;

use super::super::keys;
use super::*;

const COMPLETE: &str = r#"
    public_url = "https://orga.example.org"
    database_url = "sqlite:///tmp/x.db"
    secret_key = "0123"
    [terms.account]
    file = "a.txt"
    version = "1"
    [terms.space]
    file = "b.txt"
    version = "1"
"#;

fn file(text: &str) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    file
}

fn read(text: &str, env: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let env = env
        .iter()
        .map(|(name, value)| ((*name).into(), (*value).into()));
    load(Some(file(text).path()), env)
}

/// What is said of a configuration that is refused, which names its file when the environment did not give the key.
fn refused(text: &str, env: &[(&str, &str)]) -> String {
    let file = file(text);
    let given = env
        .iter()
        .map(|(name, value)| ((*name).into(), (*value).into()));
    let said = load(Some(file.path()), given).unwrap_err().to_string();
    let named = said.contains(&file.path().display().to_string());
    assert!(named || !env.is_empty(), "the file is not named: {said}");
    said
}

#[test]
fn the_environment_is_put_over_the_file() {
    let config = read(
        COMPLETE,
        &[
            ("PIX_ORGA_LISTEN", "127.0.0.1:9"),
            ("PIX_ORGA_TERMS__SPACE__VERSION", "2"),
            ("PIX_ORGA_TEST_X", "ignored"),
            ("PIX_ORGA_LOG", "ignored"),
            ("PIX_ORGA_DEMO_DATABASE_URL", "ignored"),
            ("PIX_ORGA_SECRET_KEY__FILE", "/etc/pix-orga/key"),
        ],
    )
    .unwrap();
    assert_eq!(config.listen.port(), 9);
    assert_eq!(config.terms.space.version, "2");
    assert_eq!(config.terms.account.version, "1");
    assert!(matches!(
        config.secret_key,
        super::super::SecretText::File { .. }
    ));
}

#[test]
fn the_example_that_is_released_is_understood() {
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/../../packaging/pix-orga.toml");
    let config = load(Some(Path::new(example)), std::iter::empty()).unwrap();
    assert_eq!(config.trusted_proxies.0.len(), 2);
    assert!(config.public_url.starts_with("https://"));
}

/// The guide's block is a whole configuration too.
#[test]
fn the_guide_s_configuration_is_understood_with_every_key_that_it_shows() {
    let guide = include_str!("../../../../../docs/guide/install.md");
    let block = guide
        .split_once("```toml\n")
        .unwrap()
        .1
        .split_once("```")
        .unwrap()
        .0;
    read(block, &[]).unwrap();
    // What is commented out is true as well.
    let shown: String = block
        .lines()
        .map(|line| match line.strip_prefix("# ") {
            Some(key)
                if key
                    .split_once(" = ")
                    .is_some_and(|(key, _)| !key.contains(' ')) =>
            {
                key
            }
            _ => line,
        })
        .fold(String::new(), |text, line| text + line + "\n");
    read(&shown, &[]).unwrap();
    for key in keys::KEYS {
        let name = key.path.rsplit('.').next().unwrap();
        assert!(
            shown.contains(&format!("{name} = ")),
            "the guide does not show {}",
            key.path
        );
    }
}

/// Each key of the table is one of the types', and each key of the types is in the table.
#[test]
fn the_table_of_keys_is_that_of_the_types() {
    let guide = include_str!("../../../../../docs/guide/install.md");
    let block = guide
        .split_once("```toml\n")
        .unwrap()
        .1
        .split_once("```")
        .unwrap()
        .0;
    let more = "\n[mail2]\n";
    assert!(refused(&format!("{block}{more}"), &[]).contains("« mail2 »"));
    let config = read(
        block,
        &[
            ("PIX_ORGA_MAIL__PORT", "465"),
            ("PIX_ORGA_MAIL__CERTIFICATE_AUTHORITY", "a.pem"),
            ("PIX_ORGA_MAIL__REPLY_TO", "a@example.org"),
            ("PIX_ORGA_GAR__DELIVERED", "IDO"),
            (
                "PIX_ORGA_GAR__RESOURCE_URL",
                "https://orga.example.org/gar/login",
            ),
            ("PIX_ORGA_CONTACTS__DANE_URL", "https://dane.example.org"),
        ],
    )
    .unwrap();
    let shown: Table = toml::to_string(&config).unwrap().parse().unwrap();
    let mut paths = Vec::new();
    listed("", &shown, &mut paths);
    paths.sort_unstable();
    let mut known: Vec<&str> = keys::KEYS.iter().map(|key| key.path).collect();
    known.sort_unstable();
    assert_eq!(paths, known);
}

fn listed(section: &str, table: &Table, paths: &mut Vec<String>) {
    for (name, value) in table {
        let path = format!("{section}{name}");
        match value {
            Value::Table(inner) => listed(&format!("{path}."), inner, paths),
            _ => paths.push(path),
        }
    }
}

#[test]
fn an_unknown_or_missing_key_is_refused_by_name_with_those_there_are() {
    let said = refused(&format!("colour = 1\n{COMPLETE}"), &[]);
    assert!(
        said.contains(
            "clé « colour » : cette clé n’existe pas ; il y a ici : public_url, listen, "
        ),
        "{said}"
    );
    let said = refused(&format!("{COMPLETE}colour = 1"), &[]);
    assert!(
        said.contains(
            "clé « terms.space.colour » : cette clé n’existe pas ; il y a ici : file, version."
        ),
        "{said}"
    );
    let said = refused("public_url = \"https://a.fr\"\n[mail]\nuser = \"x\"", &[]);
    for missing in [
        "database_url",
        "secret_key",
        "terms.account.file",
        "terms.space.version",
        "mail.server",
        "mail.from",
    ] {
        assert!(
            said.contains(&format!("clé « {missing} » : cette clé manque ; il faut ")),
            "{missing}: {said}"
        );
    }
    assert!(
        !said.contains("« gar.metadata »"),
        "a section that is absent wants nothing: {said}"
    );
    let said = refused(COMPLETE, &[("PIX_ORGA_COLOUR", "1")]);
    assert!(
        said.contains("variable PIX_ORGA_COLOUR, clé « colour » : cette clé n’existe pas"),
        "{said}"
    );
    let said = refused(COMPLETE, &[("PIX_ORGA_MAIL__COLOUR", "1")]);
    assert!(
        said.contains("variable PIX_ORGA_MAIL__COLOUR, clé « mail.colour »"),
        "{said}"
    );
    let said = refused(
        &COMPLETE.replace("\"0123\"", "{ file = \"a\", colour = 1 }"),
        &[],
    );
    assert!(
        said.contains(
            "clé « secret_key » : un secret (masqué) a été lu ; il faut un texte, ou { file"
        ),
        "{said}"
    );
}

/// A line before a configuration that is right, and what is said of it.
const UNFIT: [(&str, &str); 12] = [
    (
        "listen = 8080",
        "clé « listen » : « 8080 » a été lu ; il faut une adresse et un port",
    ),
    (
        "listen = \"localhost\"",
        "« localhost » a été lu ; il faut une adresse et un port",
    ),
    (
        "trusted_proxies = [\"proxy\", \"::1\"]",
        "« proxy, ::1 » a été lu ; il faut des adresses ou des réseaux",
    ),
    (
        "metrics_from = true",
        "clé « metrics_from » : « true » a été lu",
    ),
    (
        "mail = \"smtp.example.org\"",
        "clé « mail » : « smtp.example.org » a été lu ; il faut une section [mail].",
    ),
    (
        "mail = \"smtp://moi:s3cret@example.org\"",
        "« smtp://moi:xxx@example.org »",
    ),
    (
        "imports = { policy = \"twice\" }",
        "clé « imports.policy » : « twice » a été lu ; il faut « updatable » ou « once ».",
    ),
    (
        "contacts = { dane_url = \"javascript:alert(1)\" }",
        "clé « contacts.dane_url » : « javascript:alert(1) » a été lu ; il faut une adresse en https",
    ),
    (
        "mail = { server = \"a\", from = \"a@b.fr\", port = 70000 }",
        "clé « mail.port » : « 70000 » a été lu ; il faut un port, de 1 à 65535.",
    ),
    (
        "mail = { server = \"a\", from = \"a@b.fr\", encryption = \"ssl\" }",
        "clé « mail.encryption » : « ssl » a été lu ; il faut « tls », « starttls » ou « none ».",
    ),
    (
        "mail = { server = \"a\", from = \"a@b.fr\", password = 7 }",
        "clé « mail.password » : un secret (masqué) a été lu",
    ),
    (
        "gar = { metadata = \"a\", keys = [1] }",
        "clé « gar.keys » : « 1 » a été lu",
    ),
];

#[test]
fn a_value_of_another_kind_or_out_of_range_is_told_with_what_is_wanted() {
    for (line, said) in UNFIT {
        let told = refused(&format!("{line}\n{COMPLETE}"), &[]);
        assert!(told.contains(said), "{line}: {told}");
        assert!(!told.contains("s3cret"), "{told}");
    }
    let date = COMPLETE.replacen("version = \"1\"", "version = 2026-09-01", 1);
    assert!(
        refused(&date, &[])
            .contains("« 2026-09-01 » a été lu ; il faut une version entre guillemets")
    );
    let said = refused(
        COMPLETE,
        &[("PIX_ORGA_MAIL__PORT", "x"), ("PIX_ORGA_LISTEN", "y")],
    );
    assert!(
        said.contains("variable PIX_ORGA_MAIL__PORT, clé « mail.port » : « x » a été lu"),
        "{said}"
    );
    assert!(
        said.contains("variable PIX_ORGA_LISTEN, clé « listen » : « y » a été lu"),
        "{said}"
    );
}

#[test]
fn two_variables_for_one_key_and_one_that_is_no_text_are_refused() {
    let said = refused(
        COMPLETE,
        &[
            ("PIX_ORGA_SECRET_KEY", "a"),
            ("PIX_ORGA_SECRET_KEY__FILE", "b"),
        ],
    );
    assert!(
        said.contains("PIX_ORGA_SECRET_KEY et PIX_ORGA_SECRET_KEY__FILE"),
        "{said}"
    );
    let env = [("PIX_ORGA_LISTEN".into(), OsString::from_vec(vec![0xFF]))];
    let said = load(Some(file(COMPLETE).path()), env.into_iter())
        .unwrap_err()
        .to_string();
    assert!(
        said.contains("variable PIX_ORGA_LISTEN") && said.contains("UTF-8"),
        "{said}"
    );
}

#[test]
fn what_is_no_toml_is_told_by_its_line_and_its_key_without_its_text() {
    for (text, line, said) in [
        (
            "a = 1\nsecret_key = \"s3cret",
            2,
            "clé « secret_key » : ce n’est pas du TOML",
        ),
        (
            "secret_key = s3cret\n",
            1,
            "clé « secret_key » : ce n’est pas du TOML",
        ),
        (
            "[mail\npassword = \"s3cret\"",
            1,
            "clé « mail » : ce n’est pas du TOML",
        ),
        ("a = 1\nb = 2\na = 3", 3, "deux fois"),
        ("[mail]\n[gar]\n[mail]", 3, "deux fois"),
        ("s3cret s3cret\n", 1, "ce n’est pas du TOML"),
    ] {
        let told = refused(text, &[]);
        assert!(
            told.contains(said) && told.contains(&format!("ligne {line}")),
            "{text}: {told}"
        );
        assert!(!told.contains("s3cret"), "{told}");
    }
    assert!(
        read(&format!("\u{FEFF}{COMPLETE}"), &[]).is_ok(),
        "a mark that Windows writes"
    );
}

#[test]
fn a_file_that_cannot_be_read_is_told_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    for (path, said) in [
        (folder.path().join("none.toml"), "il n’existe pas"),
        (folder.path().to_owned(), "c’est un dossier"),
    ] {
        let told = load(Some(&path), std::iter::empty())
            .unwrap_err()
            .to_string();
        assert!(
            told.contains(said) && told.contains(&path.display().to_string()),
            "{told}"
        );
    }
    let latin = file("");
    std::fs::write(latin.path(), b"a = \"\xE9\"").unwrap();
    let told = load(Some(latin.path()), std::iter::empty())
        .unwrap_err()
        .to_string();
    assert!(told.contains("UTF-8"), "{told}");
}

#[test]
fn a_file_that_nobody_names_is_the_usual_one_when_it_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let usual = folder.path().join("pix-orga.toml");
    assert_eq!(found(None, &usual), None);
    let said = load(None, std::iter::empty()).unwrap_err().to_string();
    assert!(
        said.contains(
            "aucun fichier (ni --config, ni PIX_ORGA_CONFIG, ni /etc/pix-orga/pix-orga.toml)"
        ),
        "{said}"
    );
    std::fs::write(&usual, "").unwrap();
    assert_eq!(found(None, &usual), Some(usual.clone()));
    let named = Path::new("/nowhere/mine.toml");
    assert_eq!(found(Some(named), &usual), Some(named.to_owned()));
}

#[test]
fn a_secret_never_shows() {
    let config = read(COMPLETE, &[]).unwrap();
    assert!(!format!("{config:?}").contains("0123"));
    assert!(!toml::to_string(&config).unwrap().contains("0123"));
}
