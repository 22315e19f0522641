//! What every store of imports does: one open import a school, steps under a guard, jobs held by one worker.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use pix_orga_domain::audit::{Action, Actor, AuditEntry};
use pix_orga_domain::retention::Expired;
use pix_orga_domain::roster::import::{ImportFailure, LEASE, Report, Staged};
use pix_orga_domain::roster::plan::Plan;
use pix_orga_domain::roster::store::StagingError;
use pix_orga_domain::store::RecordError;

use crate::build::Build;
use crate::build::roster::{TODAY, checked, imported, morning, reading, rows, somebody, staging};
use crate::contract::{ROUNDS, at_once};
use crate::stores::Stores;

/// Every clause of imports.
#[macro_export]
macro_rules! import_contract {
    ($fresh:ident) => {
        $crate::clauses!($fresh, import:
            an_upload_is_read_back,
            reject_a_second_open_import,
            two_uploads_at_once_give_one,
            an_upload_replaces_a_waiting_plan,
            a_step_is_written_whole_or_not_at_all,
            a_lease_that_ends_lets_another_worker_in,
            an_import_that_is_over_is_not_claimed,
            the_oldest_upload_is_claimed_first,
            those_ahead_are_the_running_ones_received_before,
            two_workers_at_once_hold_two_imports,
            the_history_is_newest_first,
            what_is_past_its_time_is_swept,
        );
    };
}

fn later(seconds: i64) -> Timestamp {
    morning() + SignedDuration::from_secs(seconds)
}

/// An upload comes back as stored, in its school only.
pub async fn an_upload_is_read_back(stores: Stores) {
    let build = Build::new();
    let (id, other) = (
        build.school(&stores).await.id,
        build.school(&stores).await.id,
    );
    let upload = staging(&build, id, morning());
    stores.imports.stage(&upload).await.unwrap();
    let import = upload.import.id;
    assert_eq!(
        stores.imports.find(id, import).await.unwrap().as_ref(),
        Some(&upload.import)
    );
    assert_eq!(
        stores.imports.open(id).await.unwrap().as_ref(),
        Some(&upload.import)
    );
    assert_eq!(
        stores.imports.staged(import).await.unwrap(),
        Some(Staged::Bytes(upload.bytes))
    );
    assert_eq!(stores.imports.find(other, import).await.unwrap(), None);
    assert_eq!(stores.imports.report(other, import).await.unwrap(), None);
    assert_eq!(stores.imports.open(other).await.unwrap(), None);
    assert_eq!(stores.imports.history(other, 10).await.unwrap(), []);
}

/// A school has one open import.
pub async fn reject_a_second_open_import(stores: Stores) {
    let build = Build::new();
    let id = build.school(&stores).await.id;
    stores
        .imports
        .stage(&staging(&build, id, morning()))
        .await
        .unwrap();
    let second = staging(&build, id, morning());
    assert!(matches!(
        stores.imports.stage(&second).await,
        Err(StagingError::AnotherOpen)
    ));
    assert_eq!(
        stores.imports.find(id, second.import.id).await.unwrap(),
        None
    );
    let elsewhere = build.school(&stores).await.id;
    stores
        .imports
        .stage(&staging(&build, elsewhere, morning()))
        .await
        .unwrap();
}

/// Of two uploads at once, one is stored.
pub async fn two_uploads_at_once_give_one(stores: Stores) {
    let build = Build::new();
    for _ in 0..ROUNDS {
        let id = build.school(&stores).await.id;
        let (one, other) = (
            staging(&build, id, morning()),
            staging(&build, id, morning()),
        );
        let (s1, s2) = (Arc::clone(&stores.imports), Arc::clone(&stores.imports));
        let outcomes = at_once(async move { s1.stage(&one).await }, async move {
            s2.stage(&other).await
        })
        .await;
        let won = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        let refused = outcomes
            .iter()
            .filter(|outcome| matches!(outcome, Err(StagingError::AnotherOpen)))
            .count();
        assert_eq!((won, refused), (1, 1), "{outcomes:?}");
        assert_eq!(stores.imports.history(id, 10).await.unwrap().len(), 1);
    }
}

/// An upload takes the place of a plan that waits, unless that plan moved.
pub async fn an_upload_replaces_a_waiting_plan(stores: Stores) {
    let build = Build::new();
    let id = build.school(&stores).await.id;
    imported(&build, &stores, id, rows(2)).await;
    let file = reading(rows(1));
    let import = checked(&build, &stores, id, &file, morning()).await;
    let roster = stores.rosters.load(id).await.unwrap();
    let waiting = import.compared(&Plan::compute(&roster, &file, TODAY), morning());
    stores.imports.record_step(&waiting).await.unwrap();
    assert_eq!(waiting.import.state.code(), "waiting");

    let mut stale = staging(&build, id, later(1));
    stale.replaces = Some(import.abandoned(Some(somebody()), later(1)));
    assert!(matches!(
        stores.imports.stage(&stale).await,
        Err(StagingError::Stale)
    ));

    let mut upload = staging(&build, id, later(1));
    upload.replaces = Some(waiting.import.abandoned(Some(somebody()), later(1)));
    stores.imports.stage(&upload).await.unwrap();
    let replaced = stores.imports.find(id, import.id).await.unwrap().unwrap();
    assert_eq!(replaced.state.code(), "abandoned");
    assert_eq!(stores.imports.staged(import.id).await.unwrap(), None);
    assert_eq!(stores.imports.open(id).await.unwrap(), Some(upload.import));
}

/// A step is written whole: state, reading, report, trail. A late one is stale and writes nothing.
pub async fn a_step_is_written_whole_or_not_at_all(stores: Stores) {
    let build = Build::new();
    let id = build.school(&stores).await.id;
    let upload = staging(&build, id, morning());
    stores.imports.stage(&upload).await.unwrap();
    let file = reading(rows(2));
    let checked = upload.import.checked(file.clone(), later(1));
    stores.imports.record_step(&checked).await.unwrap();
    let staged = stores.imports.staged(upload.import.id).await.unwrap();
    assert_eq!(staged, Some(Staged::Reading(Box::new(file))));

    let trail = stores.audit.latest(id, 10).await.unwrap();
    let mut late = upload.import.failed(ImportFailure::ReadingFailed, later(2));
    late.report = Some(Report::default());
    late.audit = Some(AuditEntry::new(
        id,
        Actor::System,
        Action::ImportAbandoned {
            import: upload.import.id,
        },
        build.chance.as_ref(),
        later(2),
    ));
    assert!(matches!(
        stores.imports.record_step(&late).await,
        Err(RecordError::Stale)
    ));
    assert_eq!(
        stores.imports.find(id, upload.import.id).await.unwrap(),
        Some(checked.import.clone())
    );
    assert_eq!(
        stores.imports.report(id, upload.import.id).await.unwrap(),
        None
    );
    assert!(
        stores
            .imports
            .staged(upload.import.id)
            .await
            .unwrap()
            .is_some()
    );
    assert_eq!(stores.audit.latest(id, 10).await.unwrap(), trail);

    late.expected = checked.import.revision;
    late.import.revision = late.expected.next();
    stores.imports.record_step(&late).await.unwrap();
    assert_eq!(stores.imports.staged(upload.import.id).await.unwrap(), None);
    assert_eq!(
        stores.imports.report(id, upload.import.id).await.unwrap(),
        late.report
    );
    assert_eq!(stores.imports.open(id).await.unwrap(), None);
    assert_eq!(
        stores.audit.latest(id, 10).await.unwrap().len(),
        trail.len() + 1
    );
}

/// An import is held by one worker, until its lease ends; whoever held it before can write no more.
pub async fn a_lease_that_ends_lets_another_worker_in(stores: Stores) {
    let build = Build::new();
    let id = build.school(&stores).await.id;
    let upload = staging(&build, id, morning());
    stores.imports.stage(&upload).await.unwrap();
    let now = morning();
    let first = stores
        .imports
        .claim(now, now + LEASE)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((first.id, first.attempts), (upload.import.id, 1));
    assert_eq!(
        stores.imports.find(id, first.id).await.unwrap(),
        Some(first.clone())
    );
    assert_eq!(
        stores
            .imports
            .claim(later(1), later(1) + LEASE)
            .await
            .unwrap(),
        None
    );

    assert!(
        stores
            .imports
            .heartbeat(first.id, first.attempts, later(10) + LEASE)
            .await
            .unwrap()
    );
    assert_eq!(
        stores
            .imports
            .claim(now + LEASE, now + LEASE + LEASE)
            .await
            .unwrap(),
        None
    );

    let end = later(10) + LEASE;
    let second = stores
        .imports
        .claim(end, end + LEASE)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((second.id, second.attempts), (first.id, 2));
    assert!(
        !stores
            .imports
            .heartbeat(first.id, first.attempts, end + LEASE)
            .await
            .unwrap()
    );
    let late = first.checked(reading(rows(1)), end);
    assert!(matches!(
        stores.imports.record_step(&late).await,
        Err(RecordError::Stale)
    ));
    stores
        .imports
        .record_step(&second.checked(reading(rows(1)), end))
        .await
        .unwrap();
}

/// An import that is over is nobody's to claim, nor to hold.
pub async fn an_import_that_is_over_is_not_claimed(stores: Stores) {
    let build = Build::new();
    let id = build.school(&stores).await.id;
    let upload = staging(&build, id, morning());
    stores.imports.stage(&upload).await.unwrap();
    let claimed = stores
        .imports
        .claim(morning(), later(1))
        .await
        .unwrap()
        .unwrap();
    let failed = claimed.failed(ImportFailure::ReadingFailed, morning());
    stores.imports.record_step(&failed).await.unwrap();
    assert_eq!(
        stores.imports.claim(later(60), later(90)).await.unwrap(),
        None
    );
    assert!(
        !stores
            .imports
            .heartbeat(claimed.id, claimed.attempts, later(90))
            .await
            .unwrap()
    );
}

/// The oldest upload is taken first.
pub async fn the_oldest_upload_is_claimed_first(stores: Stores) {
    let build = Build::new();
    let (one, other) = (
        build.school(&stores).await.id,
        build.school(&stores).await.id,
    );
    let young = staging(&build, one, later(5));
    let old = staging(&build, other, later(2));
    stores.imports.stage(&young).await.unwrap();
    stores.imports.stage(&old).await.unwrap();
    let first = stores
        .imports
        .claim(later(6), later(20))
        .await
        .unwrap()
        .unwrap();
    let second = stores
        .imports
        .claim(later(6), later(20))
        .await
        .unwrap()
        .unwrap();
    assert_eq!((first.id, second.id), (old.import.id, young.import.id));
    assert_eq!(
        stores.imports.claim(later(6), later(20)).await.unwrap(),
        None
    );
}

/// Those ahead of an import are the running ones of all schools that were received before it, held or not.
pub async fn those_ahead_are_the_running_ones_received_before(stores: Stores) {
    let build = Build::new();
    let mut uploads = Vec::new();
    for seconds in [0, 1, 1, 2] {
        let id = build.school(&stores).await.id;
        let upload = staging(&build, id, later(seconds));
        stores.imports.stage(&upload).await.unwrap();
        uploads.push(upload.import);
    }
    uploads.sort_by_key(|import| (import.phases.received.at, import.id));
    let ahead = async |import| stores.imports.ahead_of(import).await.unwrap();
    for (place, import) in uploads.iter().enumerate() {
        assert_eq!(ahead(import).await, place as u64);
    }
    // Held, it still comes before.
    let now = later(3);
    let claimed = stores.imports.claim(now, now + LEASE).await.unwrap();
    let claimed = claimed.unwrap();
    assert_eq!(claimed.id, uploads[0].id);
    assert_eq!(ahead(&uploads[3]).await, 3);
    // Over, it does not.
    let failed = claimed.failed(ImportFailure::ReadingFailed, now);
    stores.imports.record_step(&failed).await.unwrap();
    assert_eq!(ahead(&uploads[3]).await, 2);
    assert_eq!(ahead(&uploads[1]).await, 0);
}

/// Two workers at once never hold the same import.
pub async fn two_workers_at_once_hold_two_imports(stores: Stores) {
    let build = Build::new();
    for _ in 0..ROUNDS {
        let id = build.school(&stores).await.id;
        let upload = staging(&build, id, morning());
        stores.imports.stage(&upload).await.unwrap();
        let (s1, s2) = (Arc::clone(&stores.imports), Arc::clone(&stores.imports));
        let one = async move { s1.claim(morning(), later(3600)).await.unwrap() };
        let outcomes = at_once(one, async move {
            s2.claim(morning(), later(3600)).await.unwrap()
        })
        .await;
        assert_eq!(outcomes.iter().flatten().count(), 1, "{outcomes:?}");
    }
}

/// The history is newest first, and cut.
pub async fn the_history_is_newest_first(stores: Stores) {
    let build = Build::new();
    let id = build.school(&stores).await.id;
    for second in [3, 1, 2] {
        let upload = staging(&build, id, later(second));
        stores.imports.stage(&upload).await.unwrap();
        let failed = upload
            .import
            .failed(ImportFailure::ReadingFailed, later(10));
        stores.imports.record_step(&failed).await.unwrap();
    }
    let history = stores.imports.history(id, 2).await.unwrap();
    let times: Vec<Timestamp> = history
        .iter()
        .map(|import| import.phases.received.at)
        .collect();
    assert_eq!(times, [later(3), later(2)]);
}

/// What is past its time is swept; open imports keep theirs.
pub async fn what_is_past_its_time_is_swept(stores: Stores) {
    let build = Build::new();
    let (id, waiting) = (
        build.school(&stores).await.id,
        build.school(&stores).await.id,
    );
    let applied = imported(&build, &stores, id, rows(2)).await;
    let import = applied.last_import.import_id;
    let open = checked(&build, &stores, waiting, &reading(rows(2)), morning()).await;
    assert_eq!(
        stores.imports.open_since_before(morning()).await.unwrap(),
        []
    );
    assert_eq!(
        stores.imports.open_since_before(later(1)).await.unwrap(),
        std::slice::from_ref(&open)
    );

    let inverses = |written_before| Expired::Inverses { written_before };
    let reports = |written_before| Expired::Reports { written_before };
    let files = Expired::StagedFiles {
        staged_before: later(1),
    };
    let delete = |expired| stores.retention.delete(expired, 10);
    assert_eq!(delete(inverses(morning())).await.unwrap(), 0);
    assert!(stores.imports.inverse(import).await.unwrap().is_some());
    assert_eq!(delete(inverses(later(1))).await.unwrap(), 1);
    assert!(stores.imports.inverse(import).await.unwrap().is_none());
    assert!(stores.imports.report(id, import).await.unwrap().is_some());
    assert_eq!(delete(reports(later(1))).await.unwrap(), 1);
    assert!(stores.imports.report(id, import).await.unwrap().is_none());
    assert_eq!(delete(files).await.unwrap(), 0);
    assert!(stores.imports.staged(open.id).await.unwrap().is_some());
    assert!(
        stores.imports.find(id, import).await.unwrap().is_some(),
        "counts stay"
    );
}
