//! What was erased is in none of the store's files.

use std::path::{Path, PathBuf};

use pix_orga_domain::audit::Action;
use pix_orga_domain::roster::forgetting::{Forgetting, Trace, without};
use pix_orga_store_sqlite::SqliteStore;
use pix_orga_testkit::build::Build;
use pix_orga_testkit::build::roster::{TODAY, row, rows};
use pix_orga_testkit::stores::Stores;

const LAST_NAME: &str = "Zyxwvutsrqp";
/// As searching and sorting write it.
const FOLDED: &str = "ZYXWVUTSRQP";

/// How many times a name is in the database and in its journals, in any case.
fn found(path: &Path, name: &str) -> usize {
    let files = ["", "-wal", "-shm"].map(|end| PathBuf::from(format!("{}{end}", path.display())));
    let bytes = files.iter().filter_map(|file| std::fs::read(file).ok());
    let name = name.to_ascii_lowercase();
    bytes
        .map(|bytes| {
            let lower = bytes.to_ascii_lowercase();
            let windows = lower.windows(name.len());
            windows.filter(|window| *window == name.as_bytes()).count()
        })
        .sum()
}

#[tokio::test]
async fn an_erased_name_is_neither_in_the_database_nor_in_its_journals() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pix-orga.db");
    let store = SqliteStore::open(path.to_str().unwrap()).await.unwrap();
    store.migrate().await.unwrap();
    let stores = Stores::of(store);
    let build = Build::new();
    let mut pupils = rows(30);
    pupils.push(row(99, LAST_NAME, "Zoé", "6A"));
    let class = build.class(&stores, pupils).await;
    let school = class.school.id;
    let pupil = build.pupil(&stores, &class.school, LAST_NAME, "Zoé").await;
    let erased = class.students.iter().find(|one| one.last_name == LAST_NAME);
    let erased = erased.unwrap().clone();
    class.link(&build, &stores, 30, pupil.id).await;
    assert!(found(&path, LAST_NAME) > 0, "it was there");

    let reports = stores.imports.reports(school).await.unwrap();
    let summary = stores.rosters.summary(school, TODAY).await.unwrap();
    let student = erased.id;
    let forgetting = Forgetting {
        organization_id: school,
        expected: summary.revision,
        students: vec![student],
        trace: Trace::Nothing,
        reports: without(reports, std::slice::from_ref(&erased)),
        audit: build.audit(school, Action::StudentErased { student }),
    };
    stores.rosters.record_forgetting(&forgetting).await.unwrap();
    for name in [LAST_NAME, FOLDED] {
        assert_eq!(found(&path, name), 0, "{name}");
    }
    assert_eq!(
        stores.rosters.load(school).await.unwrap().students.len(),
        30
    );
}
