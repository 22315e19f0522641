//! What an operator does of the GAR: keys, metadata, and what the program says of them.
#![expect(clippy::unwrap_used, reason = "a journey that fails says so at once")]

#[path = "gar_operating/files.rs"]
mod files;

use std::os::unix::fs::PermissionsExt as _;

use files::{ENTITY_ID, GarFiles, Site, ended, metadata, until};
use journeys::Configured;
use journeys::demo::run;
use journeys::served::Served;
use serde_json::Value;

/// A configuration with the section `[gar]` of these files.
async fn configured(files: &GarFiles, keys: &[&str]) -> Configured {
    Configured::new(&files.section(keys)).await
}

/// The states of the doctor's checks about the GAR, and what they say.
async fn doctor(place: &Configured) -> (i32, Vec<(String, String, String)>) {
    let (code, out, err) = place.run(&["doctor", "--format", "json"]).await;
    assert_eq!(err, "");
    let report: Value = serde_json::from_str(&out).unwrap();
    let text = |check: &Value, key: &str| check[key].as_str().unwrap_or_default().to_owned();
    let checks = report["checks"].as_array().unwrap().iter();
    let checks = checks
        .map(|check| {
            (
                text(check, "name"),
                text(check, "state"),
                text(check, "said"),
            )
        })
        .filter(|(name, _, said)| name.starts_with("gar") || said.contains(".pem"));
    (code, checks.collect())
}

fn states(checks: &[(String, String, String)]) -> Vec<(&str, &str)> {
    checks
        .iter()
        .map(|(name, state, _)| (name.as_str(), state.as_str()))
        .collect()
}

#[tokio::test]
async fn a_new_key_is_private_says_what_comes_next_and_replaces_nothing() {
    let files = GarFiles::new();
    let command = ["gar", "keys", "new", &files.named("first.pem")];
    let (code, out, err) = run(&command, &[]).await;
    assert_eq!((code, err.as_str()), (0, ""));
    for said in [
        "SHA-256 ",
        "/gar/metadata",
        "en second",
        "en premier",
        "retirez l'ancienne",
    ] {
        assert!(out.contains(said), "{said}\n{out}");
    }
    assert!(!out.contains("PRIVATE"), "{out}");
    let mode = std::fs::metadata(files.path("first.pem"))
        .unwrap()
        .permissions();
    assert_eq!(mode.mode() & 0o777, 0o600);
    let before = files.read("first.pem");
    let (code, _, err) = run(&command, &[]).await;
    assert_eq!(code, 1);
    assert!(err.contains("ne peut pas être créé"), "{err}");
    assert_eq!(files.read("first.pem"), before);
}

#[tokio::test]
async fn metadata_are_taken_shown_and_written_only_when_wanted() {
    let files = GarFiles::new();
    let (first, second) = (files.key("a.pem").await, files.key("b.pem").await);
    let place = configured(&files, &["a.pem"]).await;
    let site = Site::start(&metadata(&[&first])).await;
    let command = ["gar", "metadata", "refresh", "--url", &site.url];
    let sure = [&command[..], &["--yes"]].concat();

    let (code, out, err) = place.run(&command).await;
    assert_eq!(code, 1, "{err}");
    assert!(out.contains("+ certificat : CN=Pix Orga"), "{out}");
    assert!(err.contains("Ajoutez --yes"), "{err}");
    assert!(!files.path("gar.xml").exists());

    let (code, out, err) = place.run(&sure).await;
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("Redémarrez le service"), "{out}");
    assert_eq!(files.read("gar.xml"), metadata(&[&first]));

    let (code, out, _) = place.run(&command).await;
    assert_eq!(code, 0);
    assert!(out.contains("identiques"), "{out}");

    site.gives(&metadata(&[&first, &second]));
    let (code, out, _) = place.run(&sure).await;
    assert_eq!(code, 0);
    assert!(
        out.contains("+ certificat ajouté") && out.contains("= certificat gardé"),
        "{out}"
    );
    assert!(!out.contains("ATTENTION"), "{out}");
    assert_eq!(files.read("gar.xml.previous"), metadata(&[&first]));

    site.gives(&metadata(&[&second]));
    let (code, out, _) = place.run(&sure).await;
    assert_eq!(code, 0);
    assert!(out.contains("- certificat retiré"), "{out}");
    assert_eq!(files.read("gar.xml"), metadata(&[&second]));
}

#[tokio::test]
async fn metadata_that_replace_every_key_need_more_than_a_yes() {
    let files = GarFiles::new();
    let (ours, theirs) = (files.key("a.pem").await, files.key("b.pem").await);
    files.write("gar.xml", &metadata(&[&ours]));
    let place = configured(&files, &["a.pem"]).await;
    let site = Site::start(&metadata(&[&theirs])).await;
    let command = ["gar", "metadata", "refresh", "--url", &site.url, "--yes"];
    let (code, out, err) = place.run(&command).await;
    assert_eq!(code, 1);
    assert!(
        out.contains("ATTENTION : aucune clé actuelle ne reste"),
        "{out}"
    );
    assert!(err.contains("--replace-every-key"), "{err}");
    assert_eq!(files.read("gar.xml"), metadata(&[&ours]));
    let meant = [&command[..], &["--replace-every-key"]].concat();
    assert_eq!(place.run(&meant).await.0, 0);
    assert_eq!(files.read("gar.xml"), metadata(&[&theirs]));
    assert_eq!(files.read("gar.xml.previous"), metadata(&[&ours]));
}

#[tokio::test]
async fn metadata_that_cannot_be_trusted_change_nothing() {
    let files = GarFiles::new();
    let key = files.key("a.pem").await;
    let honest = metadata(&[&key]);
    files.write("gar.xml", &honest);
    let place = configured(&files, &["a.pem"]).await;
    let site = Site::start("").await;
    for (text, said) in [
        (
            honest.replace(ENTITY_ID, "https://other.example.invalid"),
            "L'entityID change",
        ),
        (metadata(&[]), "aucune clé de signature"),
        (
            "<html><p>Connexion</p></html>".to_owned(),
            "EntityDescriptor",
        ),
        ("bonjour".to_owned(), "ce n'est pas du XML"),
        ("x".repeat(300_000), "dépasse 256 Kio"),
        (until(&honest, "2024-01-01T00:00:00Z"), "n'est plus valable"),
        (until(&honest, "demain"), "validUntil) n'est pas une date"),
    ] {
        site.gives(&text);
        let command = ["gar", "metadata", "refresh", "--url", &site.url, "--yes"];
        let (code, _, err) = place.run(&command).await;
        assert_eq!(code, 1, "{said}");
        assert!(err.contains(said), "{said}\n{err}");
    }
    for (url, code, said) in [
        (
            "http://idp.example.invalid/metadata",
            1,
            "n'est pas en https",
        ),
        ("idp", 2, "--url"),
    ] {
        let (found, _, err) = place
            .run(&["gar", "metadata", "refresh", "--url", url])
            .await;
        assert_eq!(found, code, "{err}");
        assert!(err.contains(said), "{said}\n{err}");
    }
    let (code, _, err) = place.run(&["gar", "metadata", "refresh"]).await;
    assert_eq!(code, 1);
    assert!(err.contains("gar.metadata_url"), "{err}");
    assert_eq!(files.read("gar.xml"), honest);
    assert!(!files.path("gar.xml.previous").exists());
}

#[tokio::test]
async fn serve_refuses_wrong_files_and_says_which() {
    let files = GarFiles::new();
    let key = files.key("a.pem").await;
    let certificate_alone = files
        .read("a.pem")
        .split_off(files.read("a.pem").find("-----BEGIN CERTIFICATE").unwrap());
    files.write("alone.pem", &certificate_alone);
    for (xml, keys, said) in [
        (None, vec!["a.pem"], "gar.xml) ne peut pas être lu"),
        (
            Some(metadata(&[])),
            vec!["a.pem"],
            "gar.xml) ne convient pas : il n'a aucune clé de signature",
        ),
        (Some(metadata(&[&key])), vec![], "un ou deux fichiers"),
        (
            Some(metadata(&[&key])),
            vec!["a.pem"; 3],
            "un ou deux fichiers",
        ),
        (
            Some(metadata(&[&key])),
            vec!["none.pem"],
            "none.pem) ne peut pas être lu",
        ),
        (
            Some(metadata(&[&key])),
            vec!["a.pem", "alone.pem"],
            "alone.pem) ne convient pas",
        ),
    ] {
        if let Some(xml) = xml {
            files.write("gar.xml", &xml);
        }
        let place = configured(&files, &keys).await;
        let (code, _, err) = place.run(&["serve"]).await;
        assert_eq!(code, 1, "{said}");
        assert!(err.contains(said), "{said}\n{err}");
        assert!(!err.contains("-----BEGIN"), "{err}");
    }
}

#[tokio::test]
async fn the_doctor_looks_at_files_keys_and_ends() {
    let files = GarFiles::new();
    let key = files.key("a.pem").await;
    let place = configured(&files, &["a.pem"]).await;
    let (code, checks) = doctor(&place).await;
    assert_eq!(code, 1);
    assert_eq!(checks[0].0, "gar_metadata");
    assert_eq!(checks[0].1, "failed");

    files.write("gar.xml", &metadata(&[&ended()]));
    let (_, checks) = doctor(&place).await;
    let provider = ("gar_provider_certificates", "failed");
    assert_eq!(states(&checks)[..2], [("gar_metadata", "ok"), provider]);
    assert!(
        checks[1].2.contains("le dernier le 01/01/2024"),
        "{checks:?}"
    );

    files.write(
        "gar.xml",
        &until(&metadata(&[&key]), "2024-01-01T12:00:00Z"),
    );
    let (_, checks) = doctor(&place).await;
    assert_eq!(states(&checks)[0], ("gar_metadata", "failed"));
    assert!(checks[0].2.contains("depuis le 01/01/2024"), "{checks:?}");

    files.write("gar.xml", &metadata(&[&ended(), &key]));
    let (_, checks) = doctor(&place).await;
    let well = [
        ("gar_metadata", "ok"),
        ("gar_provider_certificates", "ok"),
        ("gar_keys", "ok"),
        ("gar_our_certificates", "ok"),
    ];
    assert_eq!(states(&checks), well);
    assert!(checks[2].2.contains("/gar/metadata"), "{checks:?}");

    let open = std::fs::Permissions::from_mode(0o644);
    std::fs::set_permissions(files.path("a.pem"), open).unwrap();
    let (_, checks) = doctor(&place).await;
    assert_eq!(states(&checks)[0], ("secret_files", "failed"));
    assert!(checks[0].2.contains("a.pem"), "{checks:?}");
}

#[tokio::test]
async fn requests_carry_the_resource_s_declared_address() {
    let files = GarFiles::new();
    let key = files.key("a.pem").await;
    files.write("gar.xml", &metadata(&[&key]));
    let section = files.section(&["a.pem"]);
    let declared = "https://Ark.example.invalid/pix?resource=ark:/1/a&b=é";
    for (more, resource) in [
        (String::new(), None),
        (format!("resource_url = \"{declared}\"\n"), Some(declared)),
    ] {
        let served = Served::start(&(section.clone() + &more)).await;
        let by_default = format!("{}/gar/login", served.address());
        let resource = resource.unwrap_or(&by_default);
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
        let departure = client
            .build()
            .unwrap()
            .get(&by_default)
            .send()
            .await
            .unwrap();
        let location = departure.headers()["location"].to_str().unwrap().to_owned();
        let location = reqwest::Url::parse(&location).unwrap();
        let pairs: Vec<(String, String)> = location.query_pairs().into_owned().collect();
        let names: Vec<&str> = pairs.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["SAMLRequest", "RelayState", "SigAlg", "Signature"]);
        assert_eq!(pairs[1].1, resource);
        let (_, out, _) = served.command(&["doctor"]).await;
        assert!(out.contains(resource), "{out}");
    }
    let too_long = format!("https://orga.example.invalid/{}", "a".repeat(60));
    for (wrong, said) in [
        ("orga.example.invalid/gar/login", "adresse de la ressource"),
        ("", "adresse de la ressource"),
        (too_long.as_str(), "89 octets"),
    ] {
        let more = format!("{section}resource_url = \"{wrong}\"\n");
        let place = Configured::new(&more).await;
        let (code, _, err) = place.run(&["serve"]).await;
        assert_eq!(code, 1, "{wrong}");
        assert!(
            err.contains("gar.resource_url") && err.contains(said),
            "{err}"
        );
        let (_, checks) = doctor(&place).await;
        assert!(
            states(&checks).contains(&("gar_resource", "failed")),
            "{checks:?}"
        );
    }
}

#[tokio::test]
async fn our_metadata_hold_both_keys_and_figures_tell_the_ends() {
    let files = GarFiles::new();
    let (first, second) = (files.key("a.pem").await, files.key("b.pem").await);
    files.write("gar.xml", &metadata(&[&ended(), &first]));
    let served = Served::start(&files.section(&["a.pem", "b.pem"])).await;
    let page = served.browser().get("/gar/metadata").await;
    page.must_be(200);
    assert_eq!(page.header("content-type"), "application/samlmetadata+xml");
    assert_eq!(page.header("cache-control"), "public, max-age=300");
    for held in [&first, &second, "/gar/acs", "entityID=\"http://127.0.0.1:"] {
        assert!(page.html.contains(held), "{held}\n{}", page.html);
    }
    assert!(!page.html.contains("SingleLogoutService"));
    let figures = served.browser().get("/metrics").await.html;
    let figure = |labels: &str| -> i64 {
        let name = format!("pix_orga_gar_certificate_ends_seconds{labels} ");
        let line = figures.lines().find_map(|line| line.strip_prefix(&name));
        line.unwrap_or_else(|| panic!("{name}\n{figures}"))
            .parse()
            .unwrap()
    };
    assert!(figure(r#"{role="provider",end="first"}"#) < 0);
    assert!(figure(r#"{role="provider",end="last"}"#) > 0);
    assert!(figure(r#"{role="ours",end="first"}"#) > 0);
}

#[tokio::test]
async fn without_the_gar_there_is_no_such_page() {
    let served = Served::start("").await;
    served.browser().get("/gar/metadata").await.must_be(404);
    let figures = served.browser().get("/metrics").await.html;
    assert!(!figures.contains("pix_orga_gar_certificate_ends_seconds{"));
}
