//! Imports that a crash or the database broke off.

use pix_orga_domain::organization::ImportPolicy;
use pix_orga_domain::roster::import::{
    ATTEMPTS_MAX, GIVEN_BACK_REST, ImportFailure, ImportState, LEASE,
};

use super::desk::{Desk, name};
use crate::build::roster::{reading, rows};
use crate::stores::Stores;

/// A reading that is cut short fails cleanly; a worker that dies is followed by another, not for ever.
pub async fn a_crash_resumes_or_fails_cleanly(stores: Stores) {
    let desk = Desk::open(stores, ImportPolicy::Updatable).await;
    let broken = desk
        .imports
        .receive(&desk.head, name(), b"unknown".to_vec())
        .await
        .unwrap();
    desk.imports.run_next().await.unwrap();
    let broken = desk.imports.status(&desk.head, broken.id).await.unwrap();
    assert!(matches!(
        broken.state,
        ImportState::Failed {
            because: ImportFailure::ReadingFailed,
            ..
        }
    ));

    let bytes = desk.file(Ok(reading(rows(3))));
    let import = desk
        .imports
        .receive(&desk.head, name(), bytes.clone())
        .await
        .unwrap();
    let dead = desk.imports.claim().await.unwrap().unwrap();
    assert!(!desk.imports.run_next().await.unwrap(), "it is held");
    assert!(desk.imports.heartbeat(&dead).await.unwrap());
    desk.clock.advance(LEASE);
    assert!(desk.imports.run_next().await.unwrap());
    let resumed = desk.imports.status(&desk.head, import.id).await.unwrap();
    assert_eq!(resumed.state.code(), "written");
    assert_eq!(resumed.attempts, 2);
    desk.imports.run(dead).await.unwrap();
    assert_eq!(desk.present().await, 3, "the dead worker wrote nothing");

    let bytes = desk.file(Ok(reading(rows(4))));
    let import = desk
        .imports
        .receive(&desk.head, name(), bytes)
        .await
        .unwrap();
    for _ in 0..ATTEMPTS_MAX {
        desk.imports.claim().await.unwrap().unwrap();
        desk.clock.advance(LEASE);
    }
    desk.imports.run_next().await.unwrap();
    let failed = desk.imports.status(&desk.head, import.id).await.unwrap();
    assert!(matches!(
        failed.state,
        ImportState::Failed {
            because: ImportFailure::TooManyAttempts,
            ..
        }
    ));
}

/// A file is not judged by the database's faults: only a lease that ran out for no other reason counts.
pub async fn attempts_that_the_database_cut_short_are_not_held_against_a_file(stores: Stores) {
    let desk = Desk::open(stores, ImportPolicy::Updatable).await;
    let bytes = desk.file(Ok(reading(rows(3))));
    let received = desk.imports.receive(&desk.head, name(), bytes).await;
    let import = received.unwrap();
    for _ in 0..3 * ATTEMPTS_MAX {
        let claimed = desk.imports.claim().await.unwrap().unwrap();
        desk.imports.give_back(&claimed).await.unwrap();
        assert!(!desk.imports.run_next().await.unwrap(), "it rests");
        desk.clock.advance(GIVEN_BACK_REST);
    }
    // Said late, when another holds it: excused all the same, and still held.
    let late = desk.imports.claim().await.unwrap().unwrap();
    desk.clock.advance(LEASE);
    let other = desk.imports.claim().await.unwrap().unwrap();
    desk.imports.give_back(&late).await.unwrap();
    assert!(desk.imports.heartbeat(&other).await.unwrap());
    assert!(!desk.imports.run_next().await.unwrap(), "it is held");
    desk.clock.advance(LEASE);
    assert!(desk.imports.run_next().await.unwrap());
    let written = desk.imports.status(&desk.head, import.id).await.unwrap();
    assert_eq!(written.state.code(), "written");
    // Once over, it stays so.
    desk.imports.give_back(&other).await.unwrap();
    let after = desk.imports.status(&desk.head, import.id).await.unwrap();
    assert_eq!(after, written);
    assert_eq!(desk.present().await, 3);
}
