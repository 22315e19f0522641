//! Everything is there after a backup is restored.

use std::path::Path;
use std::time::Duration;

use journeys::Demo;
use journeys::configured;
use journeys::database::Database;
use journeys::demo::run;
use journeys::people::Head;
use xtask_cluster::Binaries;

/// Between two looks at a mail that is about to leave, and how many at most.
const LOOK_EVERY: Duration = Duration::from_millis(100);
const LOOKS_MAX: usize = 600;

/// What a school sees of its own.
async fn seen(head: &Head) -> Vec<String> {
    let mut pages = Vec::new();
    for path in ["/eleves", "/eleves?page=2", "/eleves/imports", "/equipe"] {
        let page = head.at(path).await;
        page.must_be(200);
        pages.push(page.text());
    }
    pages
}

/// A space with pupils and an invitation, on a database.
async fn space(demo: &Demo) -> Head {
    let head = Head::arrives(demo).await;
    let export = head.browser.download("/demo/fichiers/premier").await;
    head.import("eleves.zip", export).await.must_be(200);
    head.invite("ami@college.invalid", "member").await;
    // Until the mail left: what the page says of it would change while it is compared.
    for _ in 0..LOOKS_MAX {
        if !head.at("/equipe").await.says("En file d’attente") {
            return head;
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    panic!("the invitation's mail never leaves")
}

/// What is written after the backup is not in it: all the rest is.
async fn everything_is_back(demo: &Demo, mut head: Head, before: Vec<String>) {
    head.browser = head.browser.at(demo.address());
    assert_eq!(seen(&head).await, before);
}

#[tokio::test]
async fn a_sqlite_database_copied_while_it_serves_is_restored_whole() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("demo.db");
    let url = format!("sqlite://{}", database.display());
    let copy = tempfile::tempdir().unwrap();
    let copy = copy.path().join("copie.db");
    let mut demo = Demo::start_on(
        Database::Sqlite {
            path: database.clone(),
        },
        folder,
    )
    .await;
    let head = space(&demo).await;
    let before = seen(&head).await;

    let (code, said, error) = backup(&url, &copy).await;
    assert_eq!(code, 0, "{error}");
    assert!(said.contains("copiée"), "{said}");
    let (code, _, error) = backup(&url, &copy).await;
    assert_eq!(code, 1);
    assert!(error.contains("existe"), "{error}");

    head.invite("perdue@college.invalid", "member").await;
    demo.kill().await;
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{suffix}", database.display()));
    }
    std::fs::copy(&copy, &database).unwrap();
    let restored = demo.another().await;
    everything_is_back(&restored, head, before).await;
}

#[tokio::test]
async fn a_postgresql_database_dumped_while_it_serves_is_restored_whole() {
    let demo = Demo::start_on_postgres().await;
    let head = space(&demo).await;
    let before = seen(&head).await;
    let folder = tempfile::tempdir().unwrap();
    let dump = folder.path().join("pix-orga.dump");
    let tool = Binaries::found().expect("PostgreSQL's programs");
    let dumped = std::process::Command::new(tool.program("pg_dump"))
        .args(["--format=custom", "--file"])
        .arg(&dump)
        .arg(demo.database().url())
        .status();
    assert!(dumped.unwrap().success());
    head.invite("perdue@college.invalid", "member").await;

    let fresh = Database::postgres().await;
    let restored = std::process::Command::new(tool.program("pg_restore"))
        .args(["--no-owner", "--exit-on-error", "--dbname", &fresh.url()])
        .arg(&dump)
        .status();
    assert!(restored.unwrap().success());
    let key = "key.txt";
    std::fs::copy(demo.folder().join(key), folder.path().join(key)).unwrap();
    let mark = "demonstration.txt";
    std::fs::copy(demo.folder().join(mark), folder.path().join(mark)).unwrap();
    let restored = Demo::start_on(fresh, folder).await;
    everything_is_back(&restored, head, before).await;
}

#[tokio::test]
async fn a_backup_of_no_database_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copie.db");
    for (url, expected) in [
        ("sqlite:///nowhere/pix-orga.db", "pas encore de base"),
        ("postgres://localhost/pix_orga", "pg_dump"),
    ] {
        let (code, _, error) = backup(url, &copy).await;
        assert_eq!(code, 1);
        assert!(error.contains(expected), "{error}");
        assert!(!copy.exists());
    }
}

/// Runs the command on a database: exit code, standard output, error output.
async fn backup(url: &str, to: &Path) -> (i32, String, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = configured::write(folder.path(), configured::free_port(), url, "");
    let [to, file] = [to, &file].map(|path| path.display().to_string());
    run(&["backup", &to, "--config", &file], &[]).await
}
