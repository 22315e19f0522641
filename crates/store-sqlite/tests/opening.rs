//! Opening a database, and bringing it to the program's schema.
#![expect(clippy::unwrap_used, reason = "a test says what is wrong by panicking")]

use std::path::{Path, PathBuf};

use pix_orga_domain::vitals::Level;
use pix_orga_store_sqlite::{Hold, HoldError, OpenError, SqliteStore};
use pix_orga_testkit::build::Build;
use pix_orga_testkit::contract::at_once;
use pix_orga_testkit::stores::Stores;
use sqlx::{AssertSqlSafe, Connection, SqliteConnection};

fn database(folder: &tempfile::TempDir) -> PathBuf {
    folder.path().join("data").join("pix-orga.db")
}

async fn open(path: &Path) -> SqliteStore {
    let store = SqliteStore::open(path.to_str().unwrap()).await.unwrap();
    store.migrate().await.unwrap();
    store
}

#[tokio::test]
async fn a_missing_database_is_created_with_its_folder_for_its_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = database(&folder);
    let store = open(&path).await;
    Build::new().school(&Stores::of(store)).await;
    for suffix in ["", "-wal", "-shm"] {
        let file = PathBuf::from(format!("{}{suffix}", path.display()));
        let metadata = std::fs::metadata(&file).unwrap();
        #[cfg(unix)]
        assert_eq!(
            std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o777,
            0o600,
            "{suffix}"
        );
        assert!(metadata.is_file());
    }
}

#[tokio::test]
async fn what_was_written_is_there_after_opening_again_by_a_url() {
    let folder = tempfile::tempdir().unwrap();
    let path = database(&folder);
    let store = open(&path).await;
    let school = Build::new().school(&Stores::of(store.clone())).await;
    store.close().await;
    let url = format!("sqlite:{}", path.display());
    let store = SqliteStore::open(&url).await.unwrap();
    assert_eq!(store.pending_migrations().await.unwrap(), 0);
    let found = Stores::of(store).organizations.find(school.id).await;
    assert_eq!(found.unwrap(), Some(school));
}

#[tokio::test]
async fn migrating_again_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = database(&folder);
    let store = SqliteStore::open(path.to_str().unwrap()).await.unwrap();
    assert!(store.pending_migrations().await.unwrap() > 0);
    for _ in 0..2 {
        store.migrate().await.unwrap();
        assert_eq!(store.pending_migrations().await.unwrap(), 0);
    }
}

#[tokio::test]
async fn a_database_newer_than_the_program_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = database(&folder);
    open(&path).await.close().await;
    let url = format!("sqlite:{}", path.display());
    let mut connection = SqliteConnection::connect(&url).await.unwrap();
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         VALUES (9999, 'later', TRUE, x'00', 0)",
    )
    .execute(&mut connection)
    .await
    .unwrap();
    connection.close().await.unwrap();
    let refused = SqliteStore::open(&url).await;
    assert!(matches!(
        refused,
        Err(OpenError::Newer { found: 9999, known }) if known < 9999
    ));
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    let text = "ceci n'est pas une base de données ".repeat(50);
    std::fs::write(&path, &text).unwrap();
    let refused = SqliteStore::open(path.to_str().unwrap()).await;
    assert!(matches!(refused, Err(OpenError::Database { .. })));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
}

#[tokio::test]
async fn a_folder_that_cannot_be_created_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let path = file.join("pix-orga.db");
    let refused = SqliteStore::open(path.to_str().unwrap()).await;
    assert!(matches!(refused, Err(OpenError::File { .. })));
}

/// A command line beside a server: each waits for the other's writes, and none fails.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_programs_write_the_same_database_in_turn() {
    const WRITES: usize = 100;
    let folder = tempfile::tempdir().unwrap();
    let path = database(&folder);
    let stores = [open(&path).await, open(&path).await].map(Stores::of);
    let build = Build::new();
    let creations: Vec<_> = (0..2 * WRITES).map(|_| build.creation()).collect();
    let write = |stores: &Stores, creations: &[_]| {
        let (organizations, creations) = (stores.organizations.clone(), creations.to_vec());
        async move {
            for creation in &creations {
                organizations.record(creation).await.unwrap();
            }
        }
    };
    at_once(
        write(&stores[0], &creations[..WRITES]),
        write(&stores[1], &creations[WRITES..]),
    )
    .await;
    let all = stores[0].organizations.all().await.unwrap();
    assert_eq!(all.len(), 2 * WRITES);
}

#[tokio::test]
async fn a_copy_taken_while_others_write_is_a_whole_database() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&database(&folder)).await;
    let (build, stores) = (Build::new(), Stores::of(store.clone()));
    let before = build.school(&stores).await;
    let copy = folder.path().join("copy.db");
    let others = stores.clone();
    let [copied, _] = at_once(
        {
            let (store, copy) = (store.clone(), copy.clone());
            async move { store.copy(&copy).await.is_ok() }
        },
        async move {
            for _ in 0..20 {
                build.school(&others).await;
            }
            true
        },
    )
    .await;
    assert!(copied);
    assert!(store.copy(&copy).await.is_err(), "a copy replaces nothing");
    let copied = Stores::of(open(&copy).await);
    let found = copied.organizations.find(before.id).await.unwrap();
    assert_eq!(found, Some(before));
}

#[tokio::test]
async fn a_file_is_kept_for_one_server_whichever_way_leads_to_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = database(&folder);
    let (plain, url) = (
        path.display().to_string(),
        format!("sqlite://{}", path.display()),
    );
    let hold = Hold::take(&plain).unwrap();
    open(&path).await.close().await;
    let link = folder.path().join("link.db");
    std::os::unix::fs::symlink(&path, &link).unwrap();
    let around = format!(
        "{}/../data/pix-orga.db",
        folder.path().join("data").display()
    );
    for other in [&plain, &url, &link.display().to_string(), &around] {
        assert!(
            matches!(Hold::take(other), Err(HoldError::Taken { .. })),
            "{other}"
        );
    }
    let elsewhere = Hold::take(folder.path().join("other.db").to_str().unwrap());
    assert!(elsewhere.is_ok(), "another file is another's");
    drop(hold);
    assert!(!path.with_extension("db.lock").exists());
    // One that a killed process left keeps nothing.
    std::fs::write(path.with_extension("db.lock"), "").unwrap();
    let again = Hold::take(&url).unwrap();
    assert!(matches!(Hold::take(&plain), Err(HoldError::Taken { .. })));
    drop(again);
}

/// Two that begin while a third ends: one alone has it, whatever file it locked.
#[test]
fn of_many_servers_that_begin_at_once_one_keeps_the_file() {
    const SERVERS: usize = 8;
    const ROUNDS: usize = 50;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db").display().to_string();
    let inside = std::sync::atomic::AtomicUsize::new(0);
    let kept = std::sync::atomic::AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..SERVERS {
            scope.spawn(|| {
                for _ in 0..ROUNDS {
                    if let Ok(hold) = Hold::take(&path) {
                        use std::sync::atomic::Ordering::SeqCst;
                        assert_eq!(inside.fetch_add(1, SeqCst), 0, "two keep one file");
                        kept.fetch_add(1, SeqCst);
                        std::thread::yield_now();
                        inside.fetch_sub(1, SeqCst);
                        drop(hold);
                    }
                }
            });
        }
    });
    assert!(kept.into_inner() > 0);
}

#[tokio::test]
async fn a_store_that_closed_leaves_one_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = database(&folder);
    let store = open(&path).await;
    let school = Build::new().school(&Stores::of(store.clone())).await;
    store.close().await;
    let names: Vec<_> = std::fs::read_dir(path.parent().unwrap())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names, ["pix-orga.db"]);
    let copy = folder.path().join("copy.db");
    std::fs::copy(&path, &copy).unwrap();
    let found = Stores::of(open(&copy).await)
        .organizations
        .find(school.id)
        .await;
    assert_eq!(found.unwrap(), Some(school));
}

/// As root, in a folder that is somebody's; as anybody else, every file is their own, which holds too.
#[tokio::test]
async fn what_root_creates_is_the_folder_s_owner_s() {
    use std::os::unix::fs::MetadataExt as _;
    const SOMEBODY: u32 = 65_534;
    let folder = tempfile::tempdir().unwrap();
    let own = std::fs::metadata(folder.path()).unwrap().uid();
    let given = std::os::unix::fs::chown(folder.path(), Some(SOMEBODY), Some(SOMEBODY)).is_ok();
    let owner = if given { SOMEBODY } else { own };
    let path = folder.path().join("pix-orga.db");
    let _hold = Hold::take(path.to_str().unwrap()).unwrap();
    let store = open(&path).await;
    Build::new().school(&Stores::of(store)).await;
    for suffix in ["", "-wal", "-shm", ".lock"] {
        let file = format!("{}{suffix}", path.display());
        assert_eq!(std::fs::metadata(&file).unwrap().uid(), owner, "{suffix}");
    }
}

/// A schema ahead of the program, by migrations that say which older programs may go on, or say nothing.
#[tokio::test]
async fn a_newer_schema_is_lived_with_when_each_of_its_migrations_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = database(&folder);
    open(&path).await.close().await;
    let url = format!("sqlite:{}", path.display());
    let mut connection = SqliteConnection::connect(&url).await.unwrap();
    let known = SqliteStore::open(&url).await.unwrap().known_level();
    let build = Build::new();
    for (migration, lowest, refused) in [
        (9001, Some(known), false),
        (9002, Some(known - 1), false),
        (9003, None, true),
        (9003, Some(known + 1), true),
        (9003, Some(known), false),
        (9004, Some(9004), true),
    ] {
        let rows = format!(
            "DELETE FROM _sqlx_migrations WHERE version = {migration};
             DELETE FROM program_levels WHERE migration = {migration};
             INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
             VALUES ({migration}, 'later', TRUE, x'00', 0);"
        );
        let says = lowest.map(|lowest| {
            format!("INSERT INTO program_levels (migration, lowest) VALUES ({migration}, {lowest})")
        });
        let rows = AssertSqlSafe(rows + &says.unwrap_or_default());
        sqlx::raw_sql(rows).execute(&mut connection).await.unwrap();
        let opened = SqliteStore::open(&url).await;
        if refused {
            let said =
                matches!(&opened, Err(OpenError::Newer { found, .. }) if *found == migration);
            assert!(said, "{migration} {lowest:?}: {opened:?}");
            continue;
        }
        let store = opened.unwrap();
        store.migrate().await.unwrap();
        let stores = Stores::of(store.clone());
        assert_eq!(stores.vitals.level().await.unwrap(), Level::Beside);
        build.school(&stores).await;
        assert_eq!(store.changed_migrations().await.unwrap(), [0; 0]);
        store.close().await;
    }
}
