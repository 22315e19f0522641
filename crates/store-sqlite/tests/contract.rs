//! The stores on SQLite keep the whole contract.
#![expect(clippy::unwrap_used, reason = "a test says what is wrong by panicking")]

use pix_orga_store_sqlite::SqliteStore;
use pix_orga_testkit::stores::Stores;

async fn fresh() -> Stores {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("contract.db");
    let store = SqliteStore::open(path.to_str().unwrap()).await.unwrap();
    store.migrate().await.unwrap();
    Stores::of(store).keeping(folder)
}

pix_orga_testkit::contract!(fresh);
