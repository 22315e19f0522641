//! The date of the link that stands in a student's row is that of the link that holds, whatever made or ended it.

use pix_orga_domain::audit::Actor;
use pix_orga_store_postgres::PgStore;
use pix_orga_testkit::build::Build;
use pix_orga_testkit::build::roster::rows;
use pix_orga_testkit::stores::Stores;
use sqlx::{Connection, PgConnection};

use crate::support::Database;

/// Students with a date, after holding every row to the links.
async fn dated(database: &mut PgConnection) -> i64 {
    let wrong: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM students s WHERE linked_at IS DISTINCT FROM
         (SELECT l.linked_at FROM student_links l WHERE l.student_id = s.id AND l.ended_at IS NULL)",
    )
    .fetch_one(&mut *database)
    .await
    .unwrap();
    assert_eq!(wrong, 0);
    sqlx::query_scalar("SELECT COUNT(linked_at) FROM students")
        .fetch_one(database)
        .await
        .unwrap()
}

#[tokio::test]
async fn it_follows_links_made_moved_ended_and_gone_with_their_account() {
    let home = Database::migrated().await;
    let store = PgStore::open(home.url()).await.unwrap();
    let mut database = PgConnection::connect(home.url()).await.unwrap();
    let stores = Stores::of(store);
    let build = Build::new();
    let class = build.class(&stores, rows(3)).await;
    let mut pupils = Vec::new();
    for _ in 0..3 {
        pupils.push(build.pupil(&stores, &class.school, "A", "B").await.id);
    }
    assert_eq!(dated(&mut database).await, 0);

    let first = class.link(&build, &stores, 0, pupils[0]).await.link;
    class.link(&build, &stores, 1, pupils[1]).await;
    assert_eq!(dated(&mut database).await, 2);
    let moved = first
        .move_to(pupils[2], build.hand(Actor::Operator))
        .unwrap();
    stores.links.record_move(&moved).await.unwrap();
    assert_eq!(dated(&mut database).await, 2);
    let ended = moved
        .link
        .end("erreur", build.hand(Actor::Operator))
        .unwrap();
    stores.links.record_unlinking(&ended).await.unwrap();
    assert_eq!(dated(&mut database).await, 1);
    // An ended link that goes leaves the one that holds.
    class.link(&build, &stores, 0, pupils[2]).await;
    sqlx::query("DELETE FROM pupils WHERE id = $1")
        .bind(pupils[0].0)
        .execute(&mut database)
        .await
        .unwrap();
    assert_eq!(dated(&mut database).await, 2);
    sqlx::query("DELETE FROM pupils WHERE id = $1")
        .bind(pupils[1].0)
        .execute(&mut database)
        .await
        .unwrap();
    assert_eq!(dated(&mut database).await, 1);
}
