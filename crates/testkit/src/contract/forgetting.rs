//! Pupils forgotten: made anonymous in their time, or erased.

use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use pix_orga_domain::audit::Action;
use pix_orga_domain::ids::{OrganizationId, PupilId, StudentId};
use pix_orga_domain::reconciliation::linking::StudentLink;
use pix_orga_domain::roster::forgetting::{Forgetting, Trace, without};
use pix_orga_domain::roster::listing::{ConnectionKind, ListQuery, ListRequest};
use pix_orga_domain::roster::reading::{Remark, WarningCode};
use pix_orga_domain::roster::values::Values;
use pix_orga_domain::store::{RecordError, Revision};

use super::due_night::{nightly, ran, retention};
use crate::build::Build;
use crate::build::pupil::Class;
use crate::build::roster::{TODAY, import_file, imported, reading, row, rows, staging};
use crate::stores::Stores;

/// Every clause of pupils forgotten.
#[macro_export]
macro_rules! forgetting_contract {
    ($fresh:ident) => {
        $crate::clauses!($fresh, forgetting:
            make_the_departed_anonymous,
            reject_forgetting_on_a_roster_that_moved,
            erase_a_pupil_with_all_that_hangs_on_them,
            forget_what_files_were_called_once_a_pupil_is_erased,
            keep_an_account_that_another_school_links,
            anonymise_on_the_day_and_not_before,
        );
    };
}

fn hours(count: i64) -> SignedDuration {
    SignedDuration::from_hours(count)
}

/// A class whose first pupil is linked, took part in a campaign and is named by a remark of the import.
struct Known {
    class: Class,
    pupil: PupilId,
    student: StudentId,
    /// Who asked to be linked, the student being a candidate.
    asker: PupilId,
}

impl Known {
    async fn of(build: &Build, stores: &Stores) -> Self {
        let class = build.class(stores, rows(2)).await;
        let pupil = build.pupil(stores, &class.school, "Martin", "Un").await.id;
        let asker = build
            .pupil(stores, &class.school, "Martin", "Deux")
            .await
            .id;
        class.ask(build, stores, 0, asker).await;
        class.link(build, stores, 0, pupil).await;
        let entering = class.participation(build, pupil);
        stores
            .campaigns
            .record_participation(&entering)
            .await
            .unwrap();
        Self {
            student: class.students[0].id,
            class,
            pupil,
            asker,
        }
    }

    /// A file without the first pupil, whose number a remark bears.
    async fn leaves(&self, build: &Build, stores: &Stores) {
        let mut file = reading(vec![row(2, "Martin", "Élève 2", "6A")]);
        let student = &self.class.students[0];
        file.warnings.push(Remark {
            code: WarningCode::NameRepaired,
            line: None,
            eleve_id: Some(student.eleve_id.clone()),
            last_name: Some(student.last_name.clone()),
            first_name: None,
            division: None,
            values: Values::default()
                .with("damaged", "ZOÃ‰")
                .with("sound", "ZOÉ"),
        });
        import_file(build, stores, self.school(), &file).await;
    }

    /// Whom waiting requests name, in the list.
    async fn named(&self, stores: &Stores) -> Vec<StudentId> {
        let request = ListRequest {
            connection: Some(ConnectionKind::ToCheck),
            ..ListRequest::default()
        };
        let query = ListQuery::all(self.school(), &request, TODAY);
        let lines = stores.rosters.list(&query).await.unwrap().lines;
        lines.into_iter().map(|line| line.student.id).collect()
    }

    fn school(&self) -> OrganizationId {
        self.class.school.id
    }

    async fn link(&self, stores: &Stores) -> Option<StudentLink> {
        let link = stores.links.link_of_pupil(self.school(), self.pupil);
        link.await.unwrap()
    }

    async fn forgetting(&self, build: &Build, stores: &Stores, trace: Trace) -> Forgetting {
        let reports = stores.imports.reports(self.school()).await.unwrap();
        let student = self.student;
        Forgetting {
            organization_id: self.school(),
            expected: stores
                .rosters
                .summary(self.school(), TODAY)
                .await
                .unwrap()
                .revision,
            students: vec![student],
            trace,
            reports: without(reports, &self.class.students[..1]),
            audit: build.audit(self.school(), Action::StudentErased { student }),
        }
    }

    /// Nothing of the pupil is left in the school.
    async fn is_forgotten(&self, stores: &Stores) {
        let (school, student) = (self.school(), self.student);
        let roster = stores.rosters.load(school).await.unwrap();
        assert!(roster.students.iter().all(|one| one.id != student));
        assert_eq!(roster.undoable, None);
        assert_eq!(stores.rosters.student(school, student).await.unwrap(), None);
        let linked = stores.links.link_of_student(school, student);
        assert!(linked.await.unwrap().is_none());
        assert_eq!(self.link(stores).await, None);
        assert_eq!(self.class.participants(stores, 0, 10).await.total, 0);
        assert_eq!(self.named(stores).await, []);
        for (import, report) in stores.imports.reports(school).await.unwrap() {
            assert_eq!(report.warnings, [], "{import}");
            assert_eq!(stores.imports.inverse(import).await.unwrap(), None);
        }
    }
}

pub async fn make_the_departed_anonymous(stores: Stores) {
    let build = Build::new();
    let known = Known::of(&build, &stores).await;
    known.leaves(&build, &stores).await;
    let retention = &stores.retention;
    let day = TODAY;
    assert_eq!(
        retention
            .count_departed(day.yesterday().unwrap())
            .await
            .unwrap(),
        0
    );
    assert_eq!(retention.count_departed(day).await.unwrap(), 1);
    let departed = retention.departed(day, 10).await.unwrap().unwrap();
    assert_eq!(departed.organization_id, known.school());
    assert_eq!(departed.students.len(), 1);
    assert_eq!(
        departed.students[0].eleve_id,
        known.class.students[0].eleve_id
    );
    let forgetting = known.forgetting(&build, &stores, Trace::Anonymous).await;
    assert_eq!(departed.roster, forgetting.expected);
    assert_eq!(forgetting.reports.len(), 1);
    stores.rosters.record_forgetting(&forgetting).await.unwrap();
    known.is_forgotten(&stores).await;
    assert_eq!(retention.count_departed(day).await.unwrap(), 0);
    assert_eq!(retention.departed(day, 10).await.unwrap(), None);
    assert!(stores.pupils.find(known.pupil).await.unwrap().is_some());
    // The number is free again: a pupil who comes back is a new one.
    imported(&build, &stores, known.school(), rows(2)).await;
    let roster = stores.rosters.load(known.school()).await.unwrap();
    assert_eq!(roster.present(TODAY).count(), 2);
    assert!(roster.students.iter().all(|one| one.id != known.student));
}

pub async fn reject_forgetting_on_a_roster_that_moved(stores: Stores) {
    let build = Build::new();
    let known = Known::of(&build, &stores).await;
    let mut forgetting = known.forgetting(&build, &stores, Trace::Nothing).await;
    forgetting.expected = Revision(forgetting.expected.0 + 1);
    let refused = stores.rosters.record_forgetting(&forgetting).await;
    assert!(matches!(refused, Err(RecordError::Stale)));
    assert!(known.link(&stores).await.is_some());
    let trail = stores.audit.latest(known.school(), 100).await.unwrap();
    assert!(trail.iter().all(|entry| entry.id != forgetting.audit.id));
}

pub async fn erase_a_pupil_with_all_that_hangs_on_them(stores: Stores) {
    let build = Build::new();
    let known = Known::of(&build, &stores).await;
    let forgetting = known.forgetting(&build, &stores, Trace::Nothing).await;
    stores.rosters.record_forgetting(&forgetting).await.unwrap();
    known.is_forgotten(&stores).await;
    assert!(stores.pupils.find(known.pupil).await.unwrap().is_none());
    assert!(stores.pupils.find(known.asker).await.unwrap().is_some());
    let roster = stores.rosters.load(known.school()).await.unwrap();
    assert_eq!(roster.students.len(), 1);
    assert_eq!(roster.revision, forgetting.expected.next());
    let trail = stores.audit.latest(known.school(), 1).await.unwrap();
    assert_eq!(trail[0].action, forgetting.audit.action);
}

/// People write pupils' names there. An import that is open keeps its own, and another school its own.
pub async fn forget_what_files_were_called_once_a_pupil_is_erased(stores: Stores) {
    let build = Build::new();
    let known = Known::of(&build, &stores).await;
    let other = build.class(&stores, rows(1)).await;
    known.leaves(&build, &stores).await;
    let waiting = staging(&build, known.school(), build.now());
    stores.imports.stage(&waiting).await.unwrap();
    let names = async |school| {
        let history = stores.imports.history(school, 10).await.unwrap();
        let mut names: Vec<(bool, bool)> = history
            .iter()
            .map(|import| {
                let named = !import.file_name.as_str().is_empty();
                (import.state.is_open(), named)
            })
            .collect();
        names.sort_unstable();
        names
    };
    let (ended, open) = ((false, true), (true, true));
    let anonymous = known.forgetting(&build, &stores, Trace::Anonymous).await;
    stores.rosters.record_forgetting(&anonymous).await.unwrap();
    assert_eq!(names(known.school()).await, [ended, ended, open]);
    let erased = known.forgetting(&build, &stores, Trace::Nothing).await;
    stores.rosters.record_forgetting(&erased).await.unwrap();
    let forgotten = (false, false);
    assert_eq!(names(known.school()).await, [forgotten, forgotten, open]);
    assert_eq!(names(other.school.id).await, [ended]);
}

pub async fn keep_an_account_that_another_school_links(stores: Stores) {
    let build = Build::new();
    let known = Known::of(&build, &stores).await;
    let other = build.class(&stores, rows(1)).await;
    other.link(&build, &stores, 0, known.pupil).await;
    let entering = other.participation(&build, known.pupil);
    stores
        .campaigns
        .record_participation(&entering)
        .await
        .unwrap();
    let forgetting = known.forgetting(&build, &stores, Trace::Nothing).await;
    stores.rosters.record_forgetting(&forgetting).await.unwrap();
    known.is_forgotten(&stores).await;
    assert!(stores.pupils.find(known.pupil).await.unwrap().is_some());
    assert_eq!(other.participants(&stores, 0, 10).await.total, 1);
}

pub async fn anonymise_on_the_day_and_not_before(stores: Stores) {
    let build = Build::new();
    let known = Known::of(&build, &stores).await;
    known.leaves(&build, &stores).await;
    let count = |counts: Vec<pix_orga_domain::retention::use_cases::Count>, what: &str| {
        let found = counts.into_iter().find(|count| count.what == what);
        found.map(|count| count.count)
    };
    assert_eq!(TODAY, date(2026, 9, 10));
    let eve: Timestamp = "2026-12-09T12:00:00Z".parse().unwrap();
    let early = retention(&stores, &build, eve);
    assert_eq!(count(early.preview().await.unwrap(), "students"), Some(0));
    assert_eq!(count(ran(&early).await, "students"), Some(0));
    assert!(known.link(&stores).await.is_some());
    let day = retention(&stores, &build, eve + hours(24));
    assert_eq!(count(day.preview().await.unwrap(), "students"), Some(1));
    let done = nightly(&day).await.unwrap();
    assert_eq!(count(done, "students"), Some(1));
    known.is_forgotten(&stores).await;
    assert!(nightly(&day).await.is_none(), "once a day");
    // The account, which no list knows any more, goes in its own time: it signed in that day.
    assert!(stores.pupils.find(known.pupil).await.unwrap().is_some());
    let morrow = retention(&stores, &build, eve + hours(48));
    assert_eq!(count(ran(&morrow).await, "students"), Some(0));
    assert!(stores.pupils.find(known.pupil).await.unwrap().is_none());
    let trail = stores.audit.latest(known.school(), 1).await.unwrap();
    assert_eq!(trail[0].action, Action::StudentsAnonymised { count: 1 });
}
