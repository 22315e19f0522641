//! What an operator wrote wrong is told in words: where, which key, what was read, what is wanted. And what a database
//! that cannot be served says.
#![expect(clippy::unwrap_used, reason = "a journey that fails says so at once")]

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::Duration;

use journeys::configured::free_port;
use journeys::demo::{binary, run};
use journeys::served::serving;
use journeys::{Configured, Database};
use serde_json::Value;
use tokio::process::Child;

const STOP_MAX: Duration = Duration::from_secs(30);
const SECRET: &str = "motdepassesecret";

/// Ends a server as systemd does.
async fn stop(mut process: Child) {
    let pid = process.id().unwrap().to_string();
    let told = std::process::Command::new("kill")
        .args(["-TERM", &pid])
        .status();
    assert!(told.unwrap().success());
    let ended = tokio::time::timeout(STOP_MAX, process.wait()).await;
    assert!(ended.unwrap().unwrap().success());
}

/// Replaces what the configuration says of one key.
fn change(place: &Configured, key: &str, line: &str) {
    let text = fs::read_to_string(&place.file).unwrap();
    let kept: Vec<&str> = text
        .lines()
        .filter(|kept| kept.split(" = ").next() != Some(key))
        .collect();
    fs::write(&place.file, format!("{line}\n{}", kept.join("\n"))).unwrap();
}

/// Serving is refused before anything is written, in words that hold these, and so is every other command.
async fn refused(place: &Configured, env: &[(&str, &str)], said: &[&str]) {
    for command in [&["serve"][..], &["schools", "invite", "--all"]] {
        let (code, out, err) = place.run_with(command, env).await;
        assert_eq!((code, out.as_str()), (1, ""), "{err}");
        for said in said {
            assert!(err.contains(said), "« {said} » is not in {err}");
        }
        assert!(!err.contains(SECRET), "{err}");
        assert!(place.database.is_untouched().await, "{err}");
    }
}

/// A key, a line that says it wrong, and what is told.
const WRONG: [(&str, &str, &str); 24] = [
    (
        "database_url",
        r#"database_url = "sqlite::memory:""#,
        "« sqlite::memory: » a été lu ; il faut un fichier",
    ),
    (
        "database_url",
        r#"database_url = "sqlite:///tmp/x.db?mode=memory""#,
        "il faut un fichier",
    ),
    (
        "database_url",
        r#"database_url = "mysql://moi:motdepassesecret@x/y""#,
        "il faut une adresse qui commence par « sqlite: » ou",
    ),
    (
        "database_url",
        r#"database_url = "postgres://pix:motdepassesecret@db.invalid/orga?sslmod=verify-full""#,
        "une adresse sans le paramètre « sslmod », qui n’existe pas ; il y a : sslmode, sslrootcert",
    ),
    (
        "database_url",
        r#"database_url = "postgres://pix:motdepassesecret@db.invalid/orga?sslmode=verifyfull""#,
        "« sslmode » est l’un de disable, prefer, require, verify-ca, verify-full",
    ),
    (
        "database_url",
        r#"database_url = "postgres://pix:motdepassesecret@db.invalid/orga?sslrootcert=/ca.pem""#,
        "aucun certificat n’est vérifié",
    ),
    (
        "public_url",
        r#"public_url = "https://orga.example.org/pix""#,
        "il faut une adresse sans chemin",
    ),
    (
        "public_url",
        r#"public_url = "https://orga.example.org/?a=1#b""#,
        "il faut une adresse sans chemin",
    ),
    (
        "public_url",
        r#"public_url = "https://moi:motdepassesecret@orga.example.org""#,
        "il faut une adresse sans chemin",
    ),
    (
        "public_url",
        r#"public_url = "orga.example.org""#,
        "il faut l’adresse que les gens tapent",
    ),
    (
        "public_url",
        r#"public_url = "http://orga.example.org""#,
        "https://",
    ),
    (
        "contacts.dane_url",
        r#"contacts.dane_url = "javascript:alert(1)""#,
        "« javascript:alert(1) » a été lu ; il faut une adresse en https:// ou http://",
    ),
    (
        "contacts.support_url",
        r#"contacts.support_url = "data:text/html,x""#,
        "il faut une adresse en https:// ou http://",
    ),
    (
        "listen",
        "listen = 8080",
        "« 8080 » a été lu ; il faut une adresse et un port",
    ),
    (
        "trusted_proxies",
        r#"trusted_proxies = ["10.0.0.0/33"]"#,
        "« 10.0.0.0/33 » a été lu",
    ),
    (
        "mail.port",
        "mail = { server = \"x\", from = \"a@b.invalid\", port = 0 }",
        "« 0 » a été lu ; il faut un port, de 1 à 65535",
    ),
    (
        "mail.from",
        "mail = { server = \"localhost\", encryption = \"none\", from = \"@b.invalid\" }",
        "il faut un expéditeur",
    ),
    (
        "mail.encryption",
        "mail = { server = \"x.invalid\", encryption = \"none\", from = \"a@b.invalid\", user = \"a\", password = \"motdepassesecret\" }",
        "il faut « tls » ou « starttls »",
    ),
    (
        "mail.user",
        "mail = { server = \"x\", from = \"a@b.invalid\", user = \"a\" }",
        "mail.password manque",
    ),
    (
        "secret_key",
        "secret_key = \"motdepassesecret\"",
        "64 caractères",
    ),
    (
        "secret_key",
        "secret_key = [\"motdepassesecret\"]",
        "un secret (masqué) a été lu",
    ),
    (
        "secret_key",
        "secret_key = { file = \"/nulle/part\" }",
        "le fichier /nulle/part ne peut pas être lu : il n’existe pas",
    ),
    (
        "gar.metadata",
        "gar = { metadata = \"/nulle/part\", keys = [\"a\"] }",
        "/nulle/part",
    ),
    (
        "colour",
        "colour = \"motdepassesecret\"",
        "cette clé n’existe pas ; il y a ici : public_url, ",
    ),
];

#[tokio::test]
async fn a_value_that_cannot_work_is_refused_with_its_file_its_key_and_what_is_wanted() {
    for (key, line, said) in WRONG {
        let place = Configured::new("").await;
        change(&place, key, line);
        let file = place.file.display().to_string();
        let named = if key == "gar.metadata" {
            key.to_owned()
        } else {
            format!("{file}, clé « {key} »")
        };
        refused(&place, &[], &[&file, &named, said]).await;
    }
}

#[tokio::test]
async fn what_the_environment_says_wrong_is_told_by_its_variable() {
    for (variable, value, said) in [
        (
            "PIX_ORGA_COLOUR",
            SECRET,
            "clé « colour » : cette clé n’existe pas",
        ),
        (
            "PIX_ORGA_MAIL__COLOUR",
            SECRET,
            "clé « mail.colour » : cette clé n’existe pas",
        ),
        (
            "PIX_ORGA_LISTEN",
            "8080",
            "clé « listen » : « 8080 » a été lu",
        ),
        (
            "PIX_ORGA_DATABASE_URL",
            "sqlite::memory:",
            "clé « database_url » : « sqlite::memory: » a été lu",
        ),
        (
            "PIX_ORGA_SECRET_KEY",
            SECRET,
            "clé « secret_key » : une clé (masquée) a été lue",
        ),
        (
            "PIX_ORGA_CONTACTS__DANE_URL",
            "javascript:x",
            "clé « contacts.dane_url »",
        ),
    ] {
        let place = Configured::new("").await;
        refused(
            &place,
            &[(variable, value)],
            &[&format!("variable {variable}, "), said],
        )
        .await;
    }
}

#[tokio::test]
async fn every_fault_is_told_at_once_by_every_command() {
    let place = Configured::new("").await;
    fs::write(
        &place.file,
        "listen = 1\ncolour = 2\n[imports]\npolicy = \"thrice\"\n",
    )
    .unwrap();
    for command in [
        &["serve"][..],
        &["migrate"],
        &["config", "show"],
        &["backup", "/nowhere"],
        &["doctor"],
    ] {
        let (code, out, err) = place.run(command).await;
        assert_eq!(code, 1);
        for said in [
            "« listen »",
            "« colour »",
            "« imports.policy »",
            "« public_url » : cette clé manque",
        ] {
            assert!(format!("{out}{err}").contains(said), "{said}: {out}{err}");
        }
    }
    fs::write(&place.file, format!("a = 1\nsecret_key = \"{SECRET}\n")).unwrap();
    let (code, _, err) = place.run(&["serve"]).await;
    assert_eq!(code, 1);
    assert!(
        err.contains("ligne 2, clé « secret_key »") && !err.contains(SECRET),
        "{err}"
    );
    let (code, _, err) = run(&["serve", "--config", "/nulle/part.toml"], &[]).await;
    assert_eq!(code, 1);
    assert!(
        err.contains("/nulle/part.toml ne peut pas être lu : il n’existe pas"),
        "{err}"
    );
}

#[tokio::test]
async fn an_authority_that_is_none_is_refused() {
    for content in [
        "",
        "rien\n",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\n",
    ] {
        for encryption in ["tls", "none"] {
            let place = Configured::new("").await;
            let file = place.path("autorite.pem");
            fs::write(&file, content).unwrap();
            let file = file.display().to_string();
            let mail = format!(
                "mail = {{ server = \"localhost\", encryption = \"{encryption}\", from = \"a@b.invalid\", \
                 certificate_authority = \"{file}\" }}"
            );
            change(&place, "mail", &mail);
            refused(
                &place,
                &[],
                &[
                    "clé « mail.certificate_authority » : ",
                    &file,
                    "BEGIN CERTIFICATE",
                ],
            )
            .await;
        }
    }
}

#[tokio::test]
async fn one_file_is_served_by_one_process_and_commands_work_beside_it() {
    let place = Configured::on_sqlite("");
    let first = serving(&place, place.port).await;
    let linked = place.path("autre-nom.db");
    let Database::Sqlite { path } = &place.database else {
        unreachable!("a file was asked for")
    };
    std::os::unix::fs::symlink(path, &linked).unwrap();
    let (port, linked) = (free_port(), format!("sqlite:{}", linked.display()));
    let listen = format!("127.0.0.1:{port}");
    for env in [
        vec![("PIX_ORGA_LISTEN", listen.as_str())],
        vec![
            ("PIX_ORGA_LISTEN", &listen),
            ("PIX_ORGA_DATABASE_URL", &linked),
        ],
    ] {
        let (code, _, err) = place.run_with(&["serve"], &env).await;
        assert_eq!(code, 1);
        assert!(
            err.contains("déjà servie par un autre processus") && err.contains("PostgreSQL"),
            "{err}"
        );
    }
    let copy = place.path("copie.db").display().to_string();
    for command in [
        &["migrate"][..],
        &["backup", &copy],
        &["schools", "allow-import", "0690132U"],
        &["retention", "run", "--dry-run"],
        &["doctor"],
    ] {
        let (_, out, err) = place.run(command).await;
        assert!(
            !format!("{out}{err}").contains("par un autre processus"),
            "{command:?}: {out}{err}"
        );
    }
    // One that is killed keeps nothing.
    drop(first);
    let mut again = None;
    for _ in 0..100 {
        let (_, _, err) = place.run(&["migrate"]).await;
        assert_eq!(err, "");
        let gone = tokio::net::TcpStream::connect(("127.0.0.1", place.port));
        if gone.await.is_err() {
            again = Some(serving(&place, place.port).await);
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let browser = journeys::Browser::new(&format!("http://127.0.0.1:{}", place.port));
    browser.get("/connexion").await.must_be(200);
    stop(again.unwrap()).await;
}

/// Everything is in the one file once the server has ended, and after every command.
#[tokio::test]
async fn after_a_clean_stop_the_file_alone_is_the_database() {
    let place = Configured::on_sqlite("");
    let Database::Sqlite { path } = &place.database else {
        unreachable!("a file was asked for")
    };
    let directory = place.path("annuaire.csv");
    let csv = pix_orga_demo::schools::directory_csv(
        &pix_orga_demo::schools::all()[..3],
        jiff::civil::date(2026, 9, 1),
    );
    fs::write(&directory, csv.unwrap()).unwrap();
    let load = ["schools", "load", directory.to_str().unwrap()];
    let (code, _, err) = place.run(&load).await;
    assert_eq!(code, 0, "{err}");
    let alone = |what: &str| {
        let beside: Vec<String> = fs::read_dir(place.folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.starts_with("pix-orga.db") && name != "pix-orga.db")
            .collect();
        assert!(beside.is_empty(), "after {what}: {beside:?}");
    };
    alone("a command");
    let server = serving(&place, place.port).await;
    let browser = journeys::Browser::new(&format!("http://127.0.0.1:{}", place.port));
    browser.get("/connexion").await.must_be(200);
    assert_eq!(
        place
            .run(&["schools", "confirm-address", "0059900J"])
            .await
            .0,
        0
    );
    stop(server).await;
    alone("the server");
    for command in [
        &["migrate"][..],
        &["doctor"],
        &["schools", "allow-import", "0000000X"],
    ] {
        place.run(command).await;
        alone(&format!("{command:?}"));
    }
    let elsewhere = Configured::on_sqlite("");
    let Database::Sqlite { path: copy } = &elsewhere.database else {
        unreachable!("a file was asked for")
    };
    fs::copy(path, copy).unwrap();
    let (code, out, err) = elsewhere.run(&load).await;
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("0 créés, 0 mis à jour, 3 inchangés"), "{out}");
}

/// The state of one of the doctor's checks, and what it says; without it when it says nothing.
async fn looked(place: &Configured, name: &str) -> (i32, Option<(String, String)>) {
    let (code, out, err) = place.run(&["doctor", "--format", "json"]).await;
    let report: Value = serde_json::from_str(&out).unwrap_or_else(|_| panic!("{out}{err}"));
    let checks = report["checks"].as_array().unwrap();
    let found = checks.iter().find(|check| check["name"] == name);
    let text = |check: &Value, key: &str| check[key].as_str().unwrap_or_default().to_owned();
    (
        code,
        found.map(|check| {
            let said = format!("{} → {}", text(check, "said"), text(check, "mend"));
            (text(check, "state"), said)
        }),
    )
}

fn private(file: &Path) {
    fs::set_permissions(file, Permissions::from_mode(0o600)).unwrap();
}

#[tokio::test]
async fn the_doctor_sees_a_migration_that_changed_and_serve_refuses_it() {
    let place = Configured::new("").await;
    private(&place.path("key"));
    assert_eq!(place.run(&["migrate"]).await.0, 0);
    assert_eq!(looked(&place, "migrations").await, (0, None));
    let mut link = place.database.open().await;
    for spoil in [
        "update _sqlx_migrations set success = false where version = ?",
        "update _sqlx_migrations set success = true, checksum = (select checksum from _sqlx_migrations where version = 1) \
         where version = ?",
    ] {
        assert_eq!(link.write(spoil, 3).await, 1);
        let (code, found) = looked(&place, "migrations").await;
        let (state, said) = found.unwrap();
        assert_eq!((code, state.as_str()), (1, "failed"), "{said}");
        assert!(
            said.contains("0003") && said.contains("sauvegarde"),
            "{said}"
        );
        for command in [&["serve"][..], &["migrate"]] {
            let (code, _, err) = place.run(command).await;
            assert_eq!(code, 1);
            assert!(
                err.contains("mêmes migrations") && err.contains("0003"),
                "{err}"
            );
        }
    }
}

#[tokio::test]
async fn the_doctor_sees_secrets_and_pupils_that_everybody_can_read() {
    let place = Configured::on_sqlite("");
    private(&place.path("key"));
    assert_eq!(place.run(&["migrate"]).await.0, 0);
    assert_eq!(looked(&place, "secret_files").await, (0, None));
    assert_eq!(looked(&place, "disk").await.1.unwrap().0, "ok");

    // A secret in the clear makes the configuration a secret.
    change(
        &place,
        "secret_key",
        &format!("secret_key = \"{}\"", "0123456789abcdef".repeat(4)),
    );
    let (code, found) = looked(&place, "secret_files").await;
    let (state, said) = found.unwrap();
    assert_eq!((code, state.as_str()), (1, "failed"));
    assert!(said.contains(place.file.to_str().unwrap()), "{said}");
    private(&place.file);
    assert_eq!(looked(&place, "secret_files").await, (0, None));

    let Database::Sqlite { path } = &place.database else {
        unreachable!("a file was asked for")
    };
    assert_eq!(looked(&place, "database_files").await, (0, None));
    fs::set_permissions(path, Permissions::from_mode(0o644)).unwrap();
    let (code, found) = looked(&place, "database_files").await;
    let (state, said) = found.unwrap();
    assert_eq!((code, state.as_str()), (1, "failed"));
    assert!(said.contains("chmod 600"), "{said}");
}

/// On a file system of its own, where the machine lets a user have one; its room is what is asked, not written.
#[tokio::test]
async fn the_doctor_sees_a_disk_that_is_full() {
    let place = Configured::on_sqlite("");
    private(&place.path("key"));
    let disk = place.path("disque");
    fs::create_dir(&disk).unwrap();
    let script = "mount -t tmpfs -o size=8m none \"$1\" && shift && \"$@\"";
    let url = format!("sqlite://{}/pix-orga.db", disk.display());
    let doctor = format!(
        "PIX_ORGA_DATABASE_URL={url} {0} migrate --config {1} && PIX_ORGA_DATABASE_URL={url} {0} doctor --config {1}",
        binary().display(),
        place.file.display(),
    );
    let told = std::process::Command::new("unshare")
        .args([
            "--user",
            "--map-root-user",
            "--mount",
            "sh",
            "-c",
            script,
            "sh",
        ])
        .arg(&disk)
        .args(["sh", "-c", &doctor])
        .output()
        .unwrap();
    let (out, err) = (
        String::from_utf8_lossy(&told.stdout),
        String::from_utf8_lossy(&told.stderr),
    );
    if err.contains("unshare: ") || err.contains("mount: ") {
        // No file system of one's own here: the decision itself is held by the unit tests of `doctor/place.rs`.
        return;
    }
    assert_eq!(told.status.code(), Some(1), "{out}{err}");
    assert!(
        out.contains("Mio sur le disque") && out.contains("✘ Il reste"),
        "{out}{err}"
    );
}
