use serde_json::{Value, json};

use super::faults;
use super::table::{DOMAIN_LIBRARIES, EDGES};
use crate::metadata::Metadata;

/// A package and what it asks for: a library, and the section that asks.
type Member<'a> = (&'a str, &'a [(&'a str, Option<&'a str>)]);

/// A workspace as `cargo metadata` writes it.
fn workspace(members: &[Member], others: &[(&str, &str)]) -> Metadata {
    let member = |(name, dependencies): &Member| {
        let dependencies: Vec<Value> = dependencies
            .iter()
            .map(|(name, kind)| json!({"name": name, "kind": kind, "req": "*", "optional": false}))
            .collect();
        json!({"id": name, "name": name, "version": "0.1.0", "dependencies": dependencies, "targets": []})
    };
    let other = |(name, version): &(&str, &str)| json!({"id": format!("{name}@{version}"), "name": name, "version": version, "dependencies": [], "targets": []});
    let packages: Vec<Value> = members
        .iter()
        .map(member)
        .chain(others.iter().map(other))
        .collect();
    let ids: Vec<&str> = members.iter().map(|(name, _)| *name).collect();
    let json = json!({"packages": packages, "workspace_members": ids, "target_directory": "target", "version": 1});
    Metadata::parse(json.to_string().as_bytes()).unwrap()
}

fn domain() -> Vec<(&'static str, Option<&'static str>)> {
    DOMAIN_LIBRARIES.iter().map(|name| (*name, None)).collect()
}

#[test]
fn a_sound_workspace_has_no_fault() {
    let tree = workspace(
        &[
            ("pix-orga-domain", &domain()),
            ("pix-orga-testkit", &[("pix-orga-domain", None)]),
            (
                "pix-orga-store-sqlite",
                &[
                    ("pix-orga-domain", None),
                    ("sqlx", None),
                    ("pix-orga-testkit", Some("dev")),
                ],
            ),
            (
                "pix-orga",
                &[("pix-orga-store-sqlite", None), ("axum", None)],
            ),
        ],
        &[
            ("sqlx", "0.9.0"),
            ("axum", "0.8.1"),
            ("quick-xml", "0.41.0"),
        ],
    );
    assert_eq!(faults(&tree), Vec::<String>::new());
}

#[test]
fn an_adapter_that_uses_another_is_named() {
    let tree = workspace(
        &[
            ("pix-orga-siecle", &[("pix-orga-mail", None)]),
            ("pix-orga-mail", &[]),
        ],
        &[],
    );
    let found = faults(&tree);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("`pix-orga-siecle` may not depend on `pix-orga-mail`"));
}

#[test]
fn what_tests_may_use_the_product_may_not() {
    let with = |kind| {
        workspace(
            &[
                ("pix-orga-web", &[("pix-orga-testkit", kind)]),
                ("pix-orga-testkit", &[]),
            ],
            &[],
        )
    };
    assert_eq!(faults(&with(Some("dev"))).len(), 0);
    assert_eq!(faults(&with(Some("build"))).len(), 1);
    assert_eq!(faults(&with(None)).len(), 1);
}

#[test]
fn a_package_without_a_row_is_asked_for_one() {
    let found = faults(&workspace(&[("pix-orga-newcomer", &[])], &[]));
    assert_eq!(found.len(), 1);
    assert!(found[0].contains("xtask/src/deps/table.rs"));
}

#[test]
fn a_reserved_library_is_refused_to_others() {
    for (package, library) in [
        ("pix-orga-web", "sqlx"),
        ("pix-orga-mail", "lettre"),
        ("pix-orga-web", "roxmltree"),
        ("xtask", "quick-xml"),
        ("pix-orga-gar", "axum"),
        ("pix-orga", "reqwest"),
    ] {
        let found = faults(&workspace(&[(package, &[(library, None)])], &[]));
        assert_eq!(found.len(), 1, "{package} {library}: {found:?}");
        assert!(found[0].starts_with(&format!("`{package}` may not use `{library}`")));
    }
}

#[test]
fn tests_may_read_xml_but_not_speak_to_a_database() {
    let with = |library| workspace(&[("pix-orga-web", &[(library, Some("dev"))])], &[]);
    assert_eq!(faults(&with("roxmltree")).len(), 0);
    assert_eq!(faults(&with("sqlx")).len(), 1);
}

#[test]
fn the_domain_has_its_list_and_no_other() {
    let mut more = domain();
    more.push(("tokio", None));
    let fewer = &domain()[1..];
    let mut tested = domain();
    tested.push(("proptest", Some("dev")));
    assert_eq!(
        faults(&workspace(&[("pix-orga-domain", &more)], &[])).len(),
        1
    );
    assert_eq!(
        faults(&workspace(&[("pix-orga-domain", fewer)], &[])).len(),
        1
    );
    assert_eq!(
        faults(&workspace(&[("pix-orga-domain", &tested)], &[])).len(),
        0
    );
}

#[test]
fn banned_libraries_are_seen_wherever_they_come_from() {
    for (library, version, count) in [
        ("openssl", "0.10.70", 1),
        ("openssl-sys", "0.9.1", 1),
        ("native-tls", "0.2.12", 1),
        ("ring", "0.17.8", 1),
        ("quick-xml", "0.40.9", 1),
        ("quick-xml", "0.41.0", 0),
        ("quick-xml", "1.0.0", 0),
    ] {
        let found = faults(&workspace(&[], &[(library, version)]));
        assert_eq!(found.len(), count, "{library} {version}: {found:?}");
    }
}

#[test]
fn every_package_has_one_row() {
    for row in EDGES {
        assert_eq!(
            EDGES
                .iter()
                .filter(|other| other.package == row.package)
                .count(),
            1
        );
    }
}

#[test]
fn the_workspace_holds_its_tables() {
    let found = faults(&Metadata::read().unwrap());
    assert!(found.is_empty(), "{}", found.join("\n"));
}
