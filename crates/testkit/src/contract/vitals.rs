//! What operators watch.

use jiff::SignedDuration;
use pix_orga_domain::vitals::{Level, Writing};

use crate::build::Build;
use crate::build::roster::{imported, morning, reading, rows, staging};
use crate::stores::Stores;

/// Every clause of what operators watch.
#[macro_export]
macro_rules! vitals_contract {
    ($fresh:ident) => {
        $crate::clauses!($fresh, vitals:
            tell_the_time_of_the_database,
            tell_a_migrated_database_from_another,
            say_that_writes_are_accepted_and_write_nothing,
            count_the_open_imports_of_all_schools_by_phase,
            hold_connections_within_their_limit,
        );
    };
}

pub async fn tell_a_migrated_database_from_another(stores: Stores) {
    assert_eq!(stores.vitals.level().await.unwrap(), Level::Current);
}

pub async fn say_that_writes_are_accepted_and_write_nothing(stores: Stores) {
    let build = Build::new();
    for _ in 0..3 {
        assert_eq!(stores.vitals.writing().await.unwrap(), Writing::Accepted);
        // What it tried holds nobody.
        build.school(&stores).await;
    }
    let turn = stores
        .retention
        .claim(morning(), morning(), morning())
        .await;
    assert_eq!(turn.unwrap().map(|turn| turn.0), Some(1));
}

pub async fn count_the_open_imports_of_all_schools_by_phase(stores: Stores) {
    let build = Build::new();
    assert_eq!(stores.vitals.open_imports().await.unwrap(), []);
    let mut uploads = Vec::new();
    for minutes in [2, 0, 1] {
        let school = build.school(&stores).await.id;
        let at = morning() + SignedDuration::from_mins(minutes);
        let upload = staging(&build, school, at);
        stores.imports.stage(&upload).await.unwrap();
        uploads.push(upload.import);
    }
    let file = reading(rows(2));
    let read = uploads[2].checked(file, morning() + SignedDuration::from_mins(3));
    stores.imports.record_step(&read).await.unwrap();
    let over = build.school(&stores).await.id;
    imported(&build, &stores, over, rows(2)).await;
    let [checked, received] = stores
        .vitals
        .open_imports()
        .await
        .unwrap()
        .try_into()
        .unwrap();
    let minute = |minutes| morning() + SignedDuration::from_mins(minutes);
    assert_eq!(
        (checked.phase.as_str(), checked.count, checked.oldest),
        ("checked", 1, minute(1))
    );
    assert_eq!(
        (received.phase.as_str(), received.count, received.oldest),
        ("received", 2, minute(0))
    );
}

pub async fn hold_connections_within_their_limit(stores: Stores) {
    stores.vitals.level().await.unwrap();
    let connections = stores.vitals.connections();
    assert!(connections.idle <= connections.open);
    assert!(connections.open <= connections.max);
    assert!(connections.max > 0);
}

pub async fn tell_the_time_of_the_database(stores: Stores) {
    let before = jiff::Timestamp::now();
    let told = stores.vitals.now().await.unwrap();
    let apart = told.duration_since(before).abs();
    assert!(apart < jiff::SignedDuration::from_mins(1), "{apart}");
}
