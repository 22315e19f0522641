//! The stores on PostgreSQL keep the whole contract.

use pix_orga_store_postgres::PgStore;
use pix_orga_testkit::stores::Stores;

use crate::support::Database;

async fn fresh() -> Stores {
    let database = Database::migrated().await;
    let store = PgStore::open(database.url()).await.unwrap();
    Stores::of(store).keeping(database)
}

pix_orga_testkit::contract!(fresh);
