//! The command line: checking a file, bringing schools in, and what `serve` refuses.
#![expect(clippy::unwrap_used, reason = "a journey that fails says so at once")]

use std::fs;
use std::path::Path;
use std::time::Duration;

use jiff::civil::date;
use journeys::demo::{binary, run};
use journeys::page::{readable, refusal};
use journeys::people::Head;
use journeys::{Browser, Configured, Demo};
use pix_orga_demo::schools;
use pix_orga_demo::siecle::{Generator, School, SchoolSpec, WrongFile};
use serde_json::Value;
use tempfile::TempDir;

const UAI: &str = "0059900J";
const STUDENT_KEYS: [&str; 12] = [
    "eleve_id",
    "ine",
    "last_name",
    "usage_name",
    "first_name",
    "other_first_names",
    "birthdate",
    "sex",
    "division",
    "mef",
    "leaves_on",
    "line",
];
const REMARK_KEYS: [&str; 7] = [
    "code",
    "line",
    "eleve_id",
    "last_name",
    "first_name",
    "division",
    "message",
];

/// Exactly these keys, in any order.
fn must_have(object: &Value, keys: &[&str]) {
    let mut found: Vec<_> = object
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    let mut wanted = keys.to_vec();
    found.sort_unstable();
    wanted.sort_unstable();
    assert_eq!(found, wanted);
}

fn generated() -> School {
    let spec = SchoolSpec::of(&schools::all()[0]);
    Generator::new(7).generate(&spec, 120, 2026, date(2026, 9, 8))
}

fn written(folder: &TempDir, name: &str, bytes: &[u8]) -> String {
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    path.display().to_string()
}

/// A server that lets each school import once.
async fn server() -> Configured {
    Configured::new("[imports]\npolicy = \"once\"\n").await
}

#[tokio::test]
async fn a_file_is_checked_as_json_to_the_letter() {
    let folder = tempfile::tempdir().unwrap();
    let file = written(&folder, "export.zip", &generated().to_zip_bytes().unwrap());
    let arguments = [
        "roster",
        "check",
        &file,
        "--uai",
        UAI,
        "--on",
        "2026-09-10",
        "--format",
        "json",
    ];
    let (code, out, err) = run(&arguments, &[]).await;
    assert_eq!((code, err.as_str()), (0, ""));
    let json: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(json["accepted"], true);
    assert_eq!(json["refusal"], Value::Null);
    assert_eq!(json["file"]["uai"], UAI);
    assert_eq!(json["file"]["school_year"], 2026);
    assert_eq!(json["file"]["exported_on"], "2026-09-08");
    assert_eq!(json["file"]["encoding"], "ISO-8859-15");
    must_have(&json["students"][0], &STUDENT_KEYS);
    must_have(&json["set_aside"][0], &REMARK_KEYS);
    let kept = json["students"].as_array().unwrap().len();
    let (_, out, _) = run(
        &[
            "roster",
            "check",
            &file,
            "--uai",
            UAI,
            "--on",
            "2020-01-01",
            "--format",
            "json",
        ],
        &[],
    )
    .await;
    let earlier: Value = serde_json::from_str(&out).unwrap();
    assert!(
        earlier["students"].as_array().unwrap().len() > kept,
        "nobody has left yet in 2020"
    );
}

#[tokio::test]
async fn a_file_is_checked_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let file = written(&folder, "export.xml", &generated().to_xml_bytes());
    let (code, out, _) = run(&["roster", "check", &file, "--uai", UAI], &[]).await;
    assert_eq!(code, 0);
    assert!(out.contains("Fichier accepté"), "{out}");
}

#[tokio::test]
async fn a_refused_file_exits_with_one_and_says_why() {
    let folder = tempfile::tempdir().unwrap();
    for wrong in WrongFile::ALL {
        let (name, bytes) = wrong.make(&generated()).unwrap();
        let file = written(&folder, name, &bytes);
        // Without its system, the one of the file's content would be the school's.
        let check = ["roster", "check", &file, "--uai", UAI, "--system", "siecle"];
        let (code, out, _) = run(&[&check[..], &["--format", "json"]].concat(), &[]).await;
        let json: Value = serde_json::from_str(&out).unwrap();
        assert_eq!(
            (code, &json["accepted"]),
            (1, &Value::Bool(false)),
            "{wrong:?}"
        );
        assert_eq!(json["refusal"]["code"], wrong.refusal().code());
        assert_eq!(json["students"], Value::Array(Vec::new()));
        if wrong == WrongFile::OtherSchool {
            assert_eq!(json["refusal"]["expected_uai"], UAI);
            assert_ne!(json["refusal"]["found_uai"], UAI);
        }
    }
}

#[tokio::test]
async fn wrong_use_exits_with_two() {
    let folder = tempfile::tempdir().unwrap();
    let file = written(&folder, "a.xml", b"<BEE_ELEVES/>");
    for arguments in [
        vec!["roster", "check", &file, "--uai", "0059900A"],
        vec!["roster", "check", &file, "--uai", UAI, "--on", "8/9/2026"],
        vec!["roster", "check", "/nowhere/at/all.zip", "--uai", UAI],
        vec!["roster", "check", &file],
        vec!["roster", "check", &file, "--uai", UAI, "--colour"],
        vec!["schools", "invite"],
        vec!["dance"],
    ] {
        let (code, out, err) = run(&arguments, &[]).await;
        assert_eq!((code, out.as_str()), (2, ""), "{arguments:?}");
        assert!(!err.is_empty());
    }
}

#[tokio::test]
async fn the_configuration_is_shown_without_its_secrets() {
    let server = server().await;
    let (code, out, _) = server.run(&["config", "show"]).await;
    assert_eq!(code, 0);
    assert!(
        out.contains("public_url") && !out.contains("0123456789abcdef"),
        "{out}"
    );
    let env = [
        ("PIX_ORGA_SECRET_KEY", "fedcba9876543210"),
        ("PIX_ORGA_CONTACTS__DANE_NAME", "la DANE de Lyon"),
    ];
    let (_, out, _) = server.run_with(&["config", "show"], &env).await;
    assert!(
        out.contains("la DANE de Lyon") && !out.contains("fedcba"),
        "{out}"
    );
    let (code, _, err) = server
        .run_with(&["config", "show"], &[("PIX_ORGA_COLOUR", "blue")])
        .await;
    assert_eq!(code, 1);
    assert!(err.contains("colour"), "{err}");
}

#[tokio::test]
async fn serve_refuses_what_is_unsafe() {
    let refused = |change: fn(&Configured) -> Vec<(&'static str, String)>, said: &'static str| async move {
        let server = server().await;
        let env = change(&server);
        let env: Vec<_> = env
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let (code, _, err) = server.run_with(&["serve"], &env).await;
        assert_eq!(code, 1, "{said}: {err}");
        assert!(err.contains(said), "« {said} » is not in {err}");
        let untouched = server.database.is_untouched().await;
        assert!(untouched, "{said}: a refused start wrote");
        let csv = server.path("annuaire.csv");
        fs::write(&csv, "x").unwrap();
        let load = ["schools", "load", csv.to_str().unwrap()];
        assert_eq!(server.run_with(&load, &env).await.0, 1, "{said}");
        let untouched = server.database.is_untouched().await;
        assert!(untouched, "{said}: a refused command wrote");
    };
    refused(
        |server| {
            fs::remove_file(server.path("espace.txt")).unwrap();
            Vec::new()
        },
        "ne peut pas être lu",
    )
    .await;
    refused(
        |server| {
            fs::write(server.path("espace.txt"), " \n").unwrap();
            Vec::new()
        },
        "est vide",
    )
    .await;
    refused(
        |server| {
            fs::write(server.path("espace.txt"), "MODÈLE DE DÉMONSTRATION : rien").unwrap();
            Vec::new()
        },
        "modèle de la démonstration",
    )
    .await;
    refused(
        |_| {
            vec![(
                "PIX_ORGA_SECRET_KEY",
                format!("demo-{}", "0123456789abcdef".repeat(4)),
            )]
        },
        "celle d'une démonstration",
    )
    .await;
    refused(
        |_| vec![("PIX_ORGA_SECRET_KEY", "court".to_owned())],
        "64 caractères",
    )
    .await;
    refused(
        |_| vec![("PIX_ORGA_PUBLIC_URL", "http://orga.example.org".to_owned())],
        "https://",
    )
    .await;
    refused(
        |_| vec![("PIX_ORGA_DATABASE_URL", "mysql://x".to_owned())],
        "sqlite:",
    )
    .await;
}

#[tokio::test]
async fn a_demo_s_database_is_never_served_nor_a_real_one_shown_as_a_demo() {
    let demo = Demo::start().await;
    let server = server().await;
    let database = demo.database().url();
    let (code, _, err) = server
        .run_with(&["serve"], &[("PIX_ORGA_DATABASE_URL", &database)])
        .await;
    assert_eq!(code, 1);
    assert!(err.contains("démonstration"), "{err}");

    assert_eq!(server.run(&["migrate"]).await.0, 0);
    let real = server.run_with(&["schools", "invite", "--all"], &[]).await;
    assert_eq!(real.0, 0, "{}", real.2);
    let empty = tempfile::tempdir().unwrap();
    let folder = empty.path().display().to_string();
    let demo = [
        "demo",
        "--folder",
        &folder,
        "--listen",
        "127.0.0.1:0",
        "--database-url",
        &server.database.url(),
    ];
    let (code, _, err) = run(&demo, &[]).await;
    assert_eq!(code, 1);
    assert!(err.contains("n'est pas celle d'une démonstration"), "{err}");

    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("these.txt"), "trois ans de travail").unwrap();
    let path = folder.path().display().to_string();
    let (code, _, err) = run(&["demo", "--folder", &path, "--listen", "127.0.0.1:0"], &[]).await;
    assert_eq!(code, 1);
    assert!(err.contains("n'est pas celui d'une démonstration"), "{err}");
}

#[tokio::test]
async fn schools_are_loaded_from_the_directory_and_a_bad_row_stops_nobody() {
    let server = server().await;
    let csv = schools::directory_csv(&schools::all()[..10], date(2026, 9, 1)).unwrap();
    let file = written(&server.folder, "annuaire.csv", &csv);
    let load = ["schools", "load", file.as_str()];
    let (code, out, err) = server.run(&load).await;
    assert_eq!(code, 0, "{err}");
    assert!(
        out.contains("10 créés, 0 mis à jour, 0 inchangés, 0 refusés."),
        "{out}"
    );
    let (_, out, _) = server.run(&load).await;
    assert!(
        out.contains("0 créés, 0 mis à jour, 10 inchangés, 0 refusés."),
        "{out}"
    );
    let text = String::from_utf8(csv).unwrap();
    let changed = text
        .replacen(schools::all()[0].name, "Collège Renommé", 1)
        .replacen(&schools::all()[1].uai.to_string(), "0059901A", 1);
    fs::write(&file, changed).unwrap();
    let (code, out, _) = server
        .run(&[&load[..], &["--format", "json"]].concat())
        .await;
    let json: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        (code, &json["updated"], &json["unchanged"]),
        (0, &1.into(), &8.into()),
        "{out}"
    );
    assert_eq!(json["refused"][0]["code"], "uai_key");
    fs::write(&file, "UAI;Nom\n0059900J;X\n").unwrap();
    let (code, _, err) = server.run(&load).await;
    assert_eq!(code, 1);
    assert!(err.contains("Identifiant_de_l_etablissement"), "{err}");
}

/// The directory's first lines: the columns, then one for each school.
fn directory_lines(schools: usize) -> Vec<String> {
    let csv = schools::directory_csv(&schools::all()[..schools], date(2026, 9, 1)).unwrap();
    let text = String::from_utf8(csv).unwrap();
    text.lines().map(str::to_owned).collect()
}

#[tokio::test]
async fn each_row_that_is_no_school_has_its_code_its_line_and_its_words() {
    let server = server().await;
    let lines = directory_lines(7);
    let school = |number: usize| &schools::all()[number - 1];
    let uai = |number: usize| school(number).uai.to_string();
    let changed = |number: usize, from: &str, to: &str| {
        assert!(lines[number].contains(from), "{from} in {}", lines[number]);
        lines[number].replacen(from, to, 1)
    };
    let rows = [
        lines[0].clone(),
        // This one holds two lines: those below are told by the file's own numbers.
        changed(1, school(1).town, "\"Une ville\nsur deux lignes\""),
        changed(2, &uai(2), "59900"),
        changed(3, &uai(3), "0059901A"),
        changed(4, &uai(4), &with_key("9999999")),
        changed(5, school(5).name, "  "),
        changed(6, "é", "\u{FFFD}"),
        changed(7, ";340;", ";151;"),
        "court".to_owned(),
    ];
    let file = written(&server.folder, "annuaire.csv", rows.join("\r\n").as_bytes());
    let load = ["schools", "load", file.as_str()];
    let json = [&load[..], &["--format", "json"]].concat();
    let (code, out, err) = server.run(&json).await;
    assert_eq!(code, 0, "{err}");
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(report["created"], 1, "{out}");
    let refused = report["refused"].as_array().unwrap();
    let found: Vec<_> = refused
        .iter()
        .map(|row| (row["line"].as_u64().unwrap(), row["code"].as_str().unwrap()))
        .collect();
    let wanted = [
        (4, "uai_format"),
        (5, "uai_key"),
        (6, "uai_prefix_unknown"),
        (7, "school_name_missing"),
        (8, "school_accents_lost"),
        (10, "row_unreadable"),
    ];
    assert_eq!(found, wanted);
    assert_eq!(report["out_of_scope"]["count"], 1);
    let (code, out, _) = server.run(&[&load[..], &["--verbose"]].concat()).await;
    assert_eq!(code, 0);
    let wanted = [&wanted[..], &[(9, "school_out_of_scope")]].concat();
    for (line, code) in wanted {
        let said = out
            .lines()
            .find(|said| said.starts_with(&format!("Ligne {line} ")));
        assert!(
            said.is_some_and(|said| readable(said).ends_with(&readable(refusal(code).1))),
            "{code}: {out}"
        );
    }
    assert!(
        out.contains("0 créés, 0 mis à jour, 1 inchangés, 6 refusés."),
        "{out}"
    );
}

/// A UAI of seven digits, with its letter.
fn with_key(digits: &str) -> String {
    let number: usize = digits.parse().unwrap();
    let key = b"ABCDEFGHJKLMNPRSTUVWXYZ"[number % 23];
    format!("{digits}{}", char::from(key))
}

#[tokio::test]
async fn a_file_beyond_the_limit_is_refused_without_being_read() {
    let folder = tempfile::tempdir().unwrap();
    let large = folder.path().join("large.xml");
    let file = fs::File::create(&large).unwrap();
    file.set_len(64 * 1024 * 1024 + 1).unwrap();
    let check = ["roster", "check", large.to_str().unwrap(), "--uai", UAI];
    let (code, out, _) = run(&check, &[]).await;
    assert_eq!(code, 1);
    assert!(out.contains("Fichier refusé (too_large)."), "{out}");
    let (code, out, _) = run(&[&check[..], &["--format", "json"]].concat(), &[]).await;
    let json: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &json["refusal"]["code"]), (1, &"too_large".into()));
}

#[tokio::test]
async fn a_database_at_the_program_s_level_is_left_as_it_is_and_a_newer_one_is_refused() {
    let server = server().await;
    let said = "La base est au niveau du programme.";
    assert!(server.run(&["migrate"]).await.1.contains(said));
    let content = || async {
        let migrations = |hex: &str| {
            format!("SELECT version || ' ' || installed_on || ' ' || {hex} FROM _sqlx_migrations")
        };
        let in_file =
            "SELECT group_concat(sql, '\n') FROM (SELECT sql FROM sqlite_schema ORDER BY name)";
        let in_server = "SELECT table_name || ' ' || column_name || ' ' || data_type \
                         FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1";
        let mut open = server.database.open().await;
        let mut rows = open.rows(in_file, in_server).await;
        let done = [
            migrations("hex(checksum)"),
            migrations("encode(checksum, 'hex')"),
        ];
        rows.extend(open.rows(&done[0], &done[1]).await);
        assert!(rows.len() > 1, "nothing is compared: {rows:?}");
        rows
    };
    let before = content().await;
    let (code, out, _) = server.run(&["migrate"]).await;
    assert_eq!((code, out.contains(said)), (0, true));
    assert_eq!(content().await, before);

    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                 VALUES (9999, 'of a newer program', true, '', ?)";
    assert_eq!(server.database.open().await.write(newer, 0).await, 1);
    let ahead = content().await;
    for command in [
        &["serve"][..],
        &["migrate"],
        &["schools", "allow-import", UAI],
        &["schools", "invite", "--all"],
    ] {
        let (code, out, err) = server.run(command).await;
        assert_eq!((code, out.as_str()), (1, ""), "{command:?}");
        assert!(
            err.contains("9999") && err.contains("plus récente que ce programme"),
            "{err}"
        );
    }
    assert_eq!(content().await, ahead);
}

#[tokio::test]
async fn a_school_whose_address_waits_is_invited_once_an_operator_vouches_for_it() {
    let server = server().await;
    let csv = schools::directory_csv(&schools::all()[..2], date(2026, 9, 1)).unwrap();
    let mut text = String::from_utf8(csv).unwrap();
    // The second has no address at all.
    text = text.replacen(&schools::all()[1].mail(), "", 1);
    let file = written(&server.folder, "annuaire.csv", text.as_bytes());
    assert_eq!(server.run(&["schools", "load", &file]).await.0, 0);
    let second = schools::all()[1].uai.to_string();
    let refused = async |command: &[&str], said: &str| {
        let (code, out, err) = server.run(command).await;
        assert_eq!((code, out.as_str()), (1, ""), "{command:?}: {err}");
        assert!(
            readable(&err).contains(&readable(said)),
            "{command:?}: {err}"
        );
    };
    // Nobody's domain vouches for the fictitious addresses.
    refused(
        &["schools", "invite", "--uai", UAI],
        refusal("address_to_confirm").1,
    )
    .await;
    let (code, out, _) = server.run(&["schools", "invite", "--all"]).await;
    assert_eq!(code, 0);
    assert!(out.contains("0 invitations en route, 0 refusées."), "{out}");
    refused(&["schools", "confirm-address", &second], "aucune adresse").await;
    refused(
        &["schools", "invite", "--uai", &second],
        refusal("address_to_confirm").1,
    )
    .await;
    for command in ["confirm-address", "allow-import"] {
        refused(
            &["schools", command, "0690132U"],
            "Aucun établissement chargé",
        )
        .await;
    }
    refused(
        &["schools", "invite", "--uai", "0690132U"],
        "Aucun établissement chargé",
    )
    .await;
    for _ in 0..2 {
        let (code, out, _) = server.run(&["schools", "confirm-address", UAI]).await;
        assert_eq!((code, out.trim()), (0, "Adresse confirmée."));
    }
    // Only the server itself keeps it from leaving now.
    refused(
        &["schools", "invite", "--uai", UAI],
        refusal("mail_not_configured").1,
    )
    .await;
}

#[tokio::test]
async fn a_school_that_has_its_administrator_is_not_invited_again() {
    let demo = Demo::start().await;
    Head::arrives(&demo).await;
    // The same database, as if it had always been a real one.
    let real = "UPDATE installation SET purpose = 'production' WHERE only_one = ?";
    assert_eq!(demo.write(real, 1).await, 1);
    let server = server().await;
    let database = demo.database().url();
    let env = [("PIX_ORGA_DATABASE_URL", database.as_str())];
    let invite = ["schools", "invite", "--uai", UAI];
    let (code, out, err) = server.run_with(&invite, &env).await;
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(
        readable(&err).contains(&readable(refusal("already_joined").1)),
        "{err}"
    );
}

#[tokio::test]
async fn an_operator_s_words_about_one_school() {
    let server = server().await;
    let csv = schools::directory_csv(&schools::all()[..2], date(2026, 9, 1)).unwrap();
    let file = written(&server.folder, "annuaire.csv", &csv);
    server.run(&["schools", "load", &file]).await;
    assert_eq!(server.run(&["schools", "confirm-address", UAI]).await.0, 0);
    assert_eq!(server.run(&["schools", "allow-import", UAI]).await.0, 0);
    let (code, _, err) = server
        .run(&["schools", "confirm-address", "0690132U"])
        .await;
    assert_eq!(code, 1);
    assert!(err.contains("Aucun établissement"), "{err}");
    for command in [
        vec!["schools", "invite", "--uai", UAI],
        vec!["schools", "invite", "--all"],
    ] {
        let (code, _, err) = server.run(&command).await;
        assert_eq!(code, 1, "{command:?}");
        assert!(err.contains("messages n’est pas encore réglé"), "{err}");
    }
    assert_eq!(server.run(&["migrate"]).await.0, 0);
}

#[tokio::test]
async fn serve_answers_says_what_is_not_configured_and_stops_when_told() {
    let server = server().await;
    let mut process = tokio::process::Command::new(binary())
        .args([Path::new("serve"), Path::new("--config"), &server.file])
        .stderr(std::process::Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let address = format!("http://127.0.0.1:{}", server.port);
    for _ in 0..200 {
        if tokio::net::TcpStream::connect(("127.0.0.1", server.port))
            .await
            .is_ok()
        {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let browser = Browser::new(&address);
    let page = browser.get("/connexion").await;
    page.must_be(200).must_say("Se connecter");
    assert!(page.texts(".demo-banner").is_empty());
    browser.get("/demo").await.must_be(404);
    browser.get("/demo/boite-aux-lettres").await.must_be(404);
    browser.get("/gar/login").await.must_be(503);
    let nothing = browser.get("/je-n-ai-rien-recu").await;
    let asked = browser
        .press(&nothing, "Envoyer un message", &[("uai", UAI)])
        .await;
    asked.must_be(503).must_refuse("mail_not_configured");
    let pid = process.id().unwrap().to_string();
    assert!(
        std::process::Command::new("kill")
            .args(["-TERM", &pid])
            .status()
            .unwrap()
            .success()
    );
    let ended = tokio::time::timeout(Duration::from_secs(20), process.wait())
        .await
        .unwrap()
        .unwrap();
    assert!(ended.success(), "{ended}");
}
