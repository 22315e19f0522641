//! On the way to PostgreSQL: the real `PgBouncer`, by session or otherwise, and an encryption that cannot be had.
#![expect(clippy::unwrap_used, reason = "a journey that fails says so at once")]

use journeys::people::Head;
use journeys::{Configured, Database, Demo};
use xtask_cluster::pooler::Mode;
use xtask_cluster::{Pooler, database_url};

const ZIP: &str = "ExportXML_ElevesSansAdresses.zip";

/// A fresh database, and a pooler on the way to it.
async fn pooled(mode: Mode, settings: &str) -> (Database, Pooler) {
    let mut database = Database::postgres().await;
    let Database::Postgres { name, url, server } = &mut database else {
        unreachable!("PostgreSQL was asked for")
    };
    let pooler = Pooler::start(mode, server, settings).unwrap();
    *url = database_url(&pooler.url(), name).unwrap();
    (database, pooler)
}

/// The address past the pooler, for who looks beside.
fn directly(database: &mut Database) {
    let Database::Postgres { name, url, server } = database else {
        unreachable!("PostgreSQL was asked for")
    };
    *url = database_url(server, name).unwrap();
}

#[tokio::test]
async fn two_processes_work_whole_through_a_pooler_of_sessions() {
    let (database, _pooler) = pooled(Mode::Session, "default_pool_size = 40").await;
    let demo = Demo::start_on(database, tempfile::tempdir().unwrap()).await;
    let other = demo.another().await;
    let head = Head::arrives(&demo).await;
    let export = head.browser.download("/demo/fichiers/premier").await;
    head.import(ZIP, export)
        .await
        .must_say("La liste des élèves est chargée");
    // More pages at once than connections, on both: each is answered with its own.
    let list = format!("{}/eleves", head.space);
    let team = format!("{}/equipe", head.space);
    let beside = head.browser.at(other.address());
    for _ in 0..20 {
        let pages = tokio::join!(
            head.browser.get(&list),
            beside.get(&team),
            beside.get(&list),
            head.browser.get(&team)
        );
        for page in [&pages.0, &pages.2] {
            page.must_be(200).must_say("Non rattaché");
        }
        for page in [&pages.1, &pages.3] {
            page.must_be(200).must_say("Inviter");
        }
    }
}

#[tokio::test]
async fn an_address_that_asks_for_tls_is_never_served_in_clear() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("vide.pem");
    std::fs::write(&empty, "rien\n").unwrap();
    let empty = empty.display().to_string();
    for (parameters, said) in [
        ("sslmode=verify-full".to_owned(), "connexion chiffrée (TLS)"),
        (
            "sslmode=verify-full&sslrootcert=/nulle/part.pem".to_owned(),
            "/nulle/part.pem ne peut pas être lu",
        ),
        (
            format!("sslmode=verify-full&sslrootcert={empty}"),
            "ne contient aucun certificat",
        ),
    ] {
        let mut database = Database::postgres().await;
        let Database::Postgres { url, .. } = &mut database else {
            unreachable!("PostgreSQL was asked for")
        };
        url.push(if url.contains('?') { '&' } else { '?' });
        url.push_str(&parameters);
        let mut place = Configured::on(tempfile::tempdir().unwrap(), database, "");
        for command in [&["serve"][..], &["doctor"]] {
            let (code, out, err) = place.run(command).await;
            assert_eq!(code, 1, "{out}{err}");
            assert!(format!("{out}{err}").contains(said), "{out}{err}");
        }
        directly(&mut place.database);
        assert!(place.database.is_untouched().await);
    }
}

#[tokio::test]
async fn a_pooler_that_lends_for_less_than_a_session_is_refused_in_words() {
    for (mode, settings, said) in [
        (Mode::Transaction, "", "pool_mode = session"),
        (Mode::Statement, "", "pool_mode = session"),
        (
            Mode::Session,
            "default_pool_size = 1",
            "default_pool_size = 20",
        ),
    ] {
        let (database, pooler) = pooled(mode, settings).await;
        let folder = tempfile::tempdir().unwrap();
        let mut place = Configured::on(folder, database, "");
        for command in [&["serve"][..], &["migrate"], &["doctor"]] {
            let (code, out, err) = place.run(command).await;
            assert_eq!(code, 1, "{out}{err}");
            assert!(
                format!("{out}{err}").contains(said),
                "{command:?}: {out}{err}"
            );
        }
        drop(pooler);
        directly(&mut place.database);
        assert!(place.database.is_untouched().await);
    }
}
