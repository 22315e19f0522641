//! What links are decided on, and what shows them: candidates, tries, the list.

use jiff::SignedDuration;
use jiff::civil::date;
use pix_orga_domain::audit::Actor;
use pix_orga_domain::ids::StudentId;
use pix_orga_domain::reconciliation::requests::{Asking, LinkingRequest};
use pix_orga_domain::reconciliation::store::Among;
use pix_orga_domain::reconciliation::tries::{Tries, Try};
use pix_orga_domain::roster::applying::{AppliedImport, Undo};
use pix_orga_domain::roster::listing::{Connection, ConnectionKind, ListQuery, ListRequest};
use pix_orga_domain::store::RecordError;

use super::{ROUNDS, at_once};
use crate::build::Build;
use crate::build::pupil::Class;
use crate::build::roster::{TODAY, imported, row, rows};
use crate::stores::Stores;

async fn class(build: &Build, stores: &Stores, count: u32) -> Class {
    build.class(stores, rows(count)).await
}

/// Every clause of what links are decided on and shown by.
#[macro_export]
macro_rules! comparing_contract {
    ($fresh:ident) => {
        $crate::clauses!($fresh, comparing:
            compare_present_students_of_one_school,
            know_the_links_of_other_schools_with_an_ine_or_without,
            count_tries_by_identity_and_misses_by_school,
            refuse_a_rank_that_was_tried,
            let_one_of_two_tries_have_the_rank,
            show_in_the_list_who_is_linked_or_to_check,
            show_pages_that_agree_with_the_whole_list,
            take_away_with_an_undone_import_what_pointed_to_its_students,
            let_an_undone_import_and_a_request_meet,
            tell_that_a_first_pupil_is_linked,
        );
    };
}

pub async fn compare_present_students_of_one_school(stores: Stores) {
    let build = Build::new();
    let mut born = rows(4);
    for (row, day) in born.iter_mut().zip([1, 2, 1, 1]) {
        row.birthdate = date(2013, 3, day);
    }
    born[0].usage_name = Some("D’Ávila".to_owned());
    born[0].other_first_names = vec!["Anaïs".to_owned(), "Lou".to_owned()];
    born[2].ine = None;
    let class = build.class(&stores, born.clone()).await;
    build.class(&stores, born.clone()).await;
    let pupil = build.pupil(&stores, &class.school, "A", "B").await;
    class.link(&build, &stores, 2, pupil.id).await;
    born.pop();
    imported(&build, &stores, class.school.id, born.clone()).await;

    let school = class.school.id;
    let dates = [date(2013, 3, 1), date(2013, 3, 9)];
    let mut found = stores
        .links
        .candidates(school, Among::Born(&dates), TODAY)
        .await
        .unwrap();
    found.students.sort_by_key(|student| student.student_id);
    assert_eq!(found.roster, class.roster.next());
    let mut expected = vec![class.students[0].id, class.students[2].id];
    expected.sort();
    let ids: Vec<_> = found
        .students
        .iter()
        .map(|student| student.student_id)
        .collect();
    assert_eq!(ids, expected);
    for candidate in &found.students {
        let mut students = class.students.iter();
        let student = students.find(|one| one.id == candidate.student_id).unwrap();
        assert_eq!(candidate.number.as_deref(), student.number());
        assert_eq!(candidate.ine, student.ine);
        assert_eq!(candidate.last_name, student.last_name);
        assert_eq!(candidate.usage_name, student.usage_name);
        assert_eq!(candidate.first_name, student.first_name);
        assert_eq!(candidate.other_first_names, student.other_first_names);
        assert_eq!(candidate.birthdate, student.birthdate);
        assert_eq!(candidate.division, student.division);
        assert!(candidate.present);
        assert_eq!(candidate.linked, student.id == class.students[2].id);
    }
    let ines: Vec<_> = class
        .students
        .iter()
        .filter_map(|one| one.ine.clone())
        .collect();
    let with = stores
        .links
        .candidates(school, Among::WithIne(&ines), TODAY)
        .await
        .unwrap();
    assert_eq!(with.students.len(), 2);
    for (student, present) in [(1, true), (3, false)] {
        let among = Among::Student(class.students[student].id);
        let found = stores.links.candidates(school, among, TODAY).await.unwrap();
        assert_eq!(!found.students.is_empty(), present);
    }
    let nobody =
        stores
            .links
            .candidates(build.school(&stores).await.id, Among::Born(&dates), TODAY);
    assert!(nobody.await.unwrap().students.is_empty());
}

pub async fn know_the_links_of_other_schools_with_an_ine_or_without(stores: Stores) {
    let build = Build::new();
    let mut there = rows(2);
    there[1].ine = None;
    let (one, two) = (
        build.class(&stores, there.clone()).await,
        build.class(&stores, there).await,
    );
    let here = class(&build, &stores, 1).await;
    let pupil = build.pupil(&stores, &here.school, "A", "B").await;
    one.link(&build, &stores, 0, pupil.id).await;
    two.link(&build, &stores, 1, pupil.id).await;
    here.link(&build, &stores, 0, pupil.id).await;
    let elsewhere = stores
        .links
        .linked_elsewhere(here.school.id, pupil.id)
        .await
        .unwrap();
    let mut found: Vec<_> = elsewhere
        .into_iter()
        .map(|link| (link.ine, link.birthdate))
        .collect();
    found.sort_by_key(|(ine, _)| ine.is_none());
    let student = |class: &Class, rank: usize| {
        let student = &class.students[rank];
        (student.ine.clone(), student.birthdate)
    };
    assert_eq!(found, [student(&one, 0), student(&two, 1)]);
    assert!(found[0].0.is_some() && found[1].0.is_none());
    let elsewhere = stores
        .links
        .linked_elsewhere(one.school.id, pupil.id)
        .await
        .unwrap();
    assert_eq!(elsewhere.len(), 2);
    assert!(
        elsewhere
            .iter()
            .any(|link| link.ine == here.students[0].ine)
    );
}

async fn miss(build: &Build, stores: &Stores, class: &Class, pupil: &mut Tries, tried: Try) {
    let tried = Try {
        rank: pupil.made + 1,
        organization_id: class.school.id,
        at: build.now(),
        ..tried
    };
    stores.links.record_miss(&tried).await.unwrap();
    pupil.made += 1;
}

pub async fn count_tries_by_identity_and_misses_by_school(stores: Stores) {
    let build = Build::new();
    let (here, there) = (
        class(&build, &stores, 1).await,
        class(&build, &stores, 1).await,
    );
    let pupil = build.pupil(&stores, &here.school, "A", "B").await;
    let other = build.pupil(&stores, &here.school, "A", "B").await;
    let fresh = stores.links.tries(pupil.id, build.now()).await.unwrap();
    assert_eq!(fresh, Tries::default());
    let base = |pupil_id| Tries::default().next(pupil_id, here.school.id, true, build.now());
    let (mut own, mut others) = (Tries::default(), Tries::default());
    let began = build.now();
    miss(&build, &stores, &here, &mut own, base(pupil.id)).await;
    miss(&build, &stores, &there, &mut own, base(pupil.id)).await;
    miss(&build, &stores, &here, &mut others, base(other.id)).await;
    build.clock.advance(SignedDuration::from_hours(24));
    let next_day = build.now();
    miss(&build, &stores, &here, &mut own, base(pupil.id)).await;
    let so_far = stores.links.tries(pupil.id, next_day).await.unwrap();
    assert_eq!((so_far.made, so_far.missed, so_far.missed_today), (3, 3, 1));
    let so_far = stores.links.tries(pupil.id, began).await.unwrap();
    assert_eq!(so_far.missed_today, 3);
    for (class, since, expected) in [(&here, began, 3), (&here, next_day, 1), (&there, began, 1)] {
        let misses = stores.links.misses(class.school.id, since).await.unwrap();
        assert_eq!(misses, expected);
    }
}

pub async fn refuse_a_rank_that_was_tried(stores: Stores) {
    let build = Build::new();
    let class = class(&build, &stores, 1).await;
    let pupil = build.pupil(&stores, &class.school, "A", "B").await;
    let tried = Tries::default().next(pupil.id, class.school.id, true, build.now());
    stores.links.record_miss(&tried).await.unwrap();
    let refused = stores.links.record_miss(&tried).await;
    assert!(matches!(refused, Err(RecordError::Stale)));
    let so_far = stores.links.tries(pupil.id, tried.at).await.unwrap();
    assert_eq!((so_far.made, so_far.missed_today), (1, 1));
}

pub async fn let_one_of_two_tries_have_the_rank(stores: Stores) {
    let build = Build::new();
    let class = class(&build, &stores, 1).await;
    let pupil = build.pupil(&stores, &class.school, "A", "B").await;
    for round in 0..ROUNDS {
        let so_far = stores
            .links
            .tries(pupil.id, pupil.created_at)
            .await
            .unwrap();
        assert_eq!(so_far.made, round);
        let tried = so_far.next(pupil.id, class.school.id, true, build.now());
        let (s1, s2) = (stores.links.clone(), stores.links.clone());
        let outcomes = at_once(async move { s1.record_miss(&tried).await }, async move {
            s2.record_miss(&tried).await
        })
        .await;
        let won = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        let stale = |outcome: &&Result<_, _>| matches!(outcome, Err(RecordError::Stale));
        assert_eq!((won, outcomes.iter().filter(stale).count()), (1, 1));
    }
}

async fn listed(
    stores: &Stores,
    class: &Class,
    connection: Option<ConnectionKind>,
) -> Vec<(StudentId, Connection)> {
    let request = ListRequest {
        connection,
        ..ListRequest::default()
    };
    let query = ListQuery::page(class.school.id, &request, TODAY);
    let lines = stores.rosters.list(&query).await.unwrap();
    assert_eq!(lines.total as usize, lines.lines.len());
    let lines = lines.lines.into_iter();
    lines
        .map(|line| (line.student.id, line.connection))
        .collect()
}

pub async fn show_in_the_list_who_is_linked_or_to_check(stores: Stores) {
    let build = Build::new();
    let class = class(&build, &stores, 3).await;
    let pupil = build.pupil(&stores, &class.school, "A", "B").await;
    let asking = build.pupil(&stores, &class.school, "C", "D").await;
    let linking = class.link(&build, &stores, 0, pupil.id).await;
    let request = class.ask(&build, &stores, 1, asking.id).await;
    let since = linking.link.linked_at;
    let linked = (class.students[0].id, Connection::Linked { since });
    let to_check = (class.students[1].id, Connection::ToCheck);
    let not_linked = (class.students[2].id, Connection::NotLinked);
    for (kind, expected) in [
        (ConnectionKind::Linked, linked),
        (ConnectionKind::ToCheck, to_check),
        (ConnectionKind::NotLinked, not_linked),
    ] {
        assert_eq!(listed(&stores, &class, Some(kind)).await, [expected]);
    }
    assert_eq!(listed(&stores, &class, None).await.len(), 3);
    let line = stores
        .rosters
        .student(class.school.id, class.students[0].id)
        .await;
    assert_eq!(line.unwrap().unwrap().connection, linked.1);
    let counts = stores
        .rosters
        .classes(class.school.id, TODAY)
        .await
        .unwrap();
    assert_eq!((counts[0].linked, counts[0].to_check), (1, 1));
    assert_eq!(counts[0].not_linked(), 1);

    let unlinking = linking
        .link
        .end("erreur", build.hand(Actor::Operator))
        .unwrap();
    stores.links.record_unlinking(&unlinking).await.unwrap();
    let (teacher, hand) = (class.teacher.account.id, build.hand(Actor::Operator));
    let dismissal = request.refuse(teacher, hand).unwrap();
    stores.requests.record_dismissal(&dismissal).await.unwrap();
    let left = listed(&stores, &class, Some(ConnectionKind::NotLinked)).await;
    assert_eq!(left.len(), 3);
}

/// Whatever is asked, a page shows what the whole list has there, and counts what it counts; a page after the last one
/// is empty, and counts the same.
pub async fn show_pages_that_agree_with_the_whole_list(stores: Stores) {
    let build = Build::new();
    let mut students = rows(5);
    students.extend([
        row(10, "Petit", "Léa", "6B"),
        row(11, "Grand", "Ève", "6B"),
        row(12, "Long", "Noé", &"6".repeat(120)),
        row(13, &"漢".repeat(3_000), &"字".repeat(3_000), "6B"),
    ]);
    let class = build.class(&stores, students).await;
    for (student, links) in [(0, true), (5, true), (1, false), (7, false)] {
        let pupil = build.pupil(&stores, &class.school, "A", "B").await;
        if links {
            class.link(&build, &stores, student, pupil.id).await;
        } else {
            class.ask(&build, &stores, student, pupil.id).await;
        }
    }
    let school = class.school.id;
    let divisions = [None, Some("6A"), Some("6B"), Some("6C")];
    let connections = [None].into_iter().chain(ConnectionKind::ALL.map(Some));
    for (division, connection) in divisions
        .into_iter()
        .flat_map(|division| connections.clone().map(move |kind| (division, kind)))
    {
        for search in ["", "e", "martin 3", "zzz"] {
            let request = ListRequest {
                search: search.to_owned(),
                division: division.map(str::to_owned),
                connection,
                ..ListRequest::default()
            };
            agrees(&stores, &ListQuery::all(school, &request, TODAY)).await;
        }
    }
}

async fn agrees(stores: &Stores, all: &ListQuery) {
    let whole = stores.rosters.list(all).await.unwrap();
    assert_eq!(whole.total as usize, whole.lines.len());
    for offset in [0, 2, 9] {
        let query = ListQuery {
            offset,
            limit: Some(2),
            ..all.clone()
        };
        let lines: Vec<_> = whole.lines.iter().skip(offset as usize).take(2).collect();
        let seen = stores.rosters.overview(&query).await.unwrap();
        assert_eq!(
            seen.lines.lines.iter().collect::<Vec<_>>(),
            lines,
            "{query:?}"
        );
        assert_eq!(seen.lines.total, whole.total, "{query:?}");
        let page = stores.rosters.list(&query).await.unwrap();
        assert_eq!(page, seen.lines);
        let (school, rosters) = (query.organization_id, &stores.rosters);
        assert_eq!(seen.classes, rosters.classes(school, TODAY).await.unwrap());
        assert_eq!(seen.summary, rosters.summary(school, TODAY).await.unwrap());
    }
}

pub(super) async fn undo(
    build: &Build,
    stores: &Stores,
    class: &Class,
    applied: &AppliedImport,
) -> Undo {
    let school = class.school.id;
    let summary = stores.rosters.summary(school, TODAY).await.unwrap();
    let import = applied.step.import.id;
    let inverse = stores.imports.inverse(import).await.unwrap().unwrap();
    let import = stores.imports.find(school, import).await.unwrap().unwrap();
    let by = class.administrator.account.id;
    let now = applied.last_import.at;
    Undo::decide(&summary, &import, inverse, by, build.chance.as_ref(), now).unwrap()
}

pub async fn take_away_with_an_undone_import_what_pointed_to_its_students(stores: Stores) {
    let build = Build::new();
    let class = class(&build, &stores, 1).await;
    let school = class.school.id;
    let mut more = rows(1);
    more.push(row(90, "Martin", "Léo", "6B"));
    let applied = imported(&build, &stores, school, more).await;
    let added = applied.inserted[0].clone();
    let pupil = build.pupil(&stores, &class.school, "A", "B").await;
    let mut asking = class.asking(&build, 0, pupil.id);
    asking.students.push(added.id);
    stores.requests.record_asking(&asking).await.unwrap();

    let undo = undo(&build, &stores, &class, &applied).await;
    stores.rosters.record_undo(&undo).await.unwrap();
    let named = listed(&stores, &class, Some(ConnectionKind::ToCheck)).await;
    assert_eq!(named, [(class.students[0].id, Connection::ToCheck)]);
    let none = stores
        .links
        .link_of_student(school, added.id)
        .await
        .unwrap();
    assert_eq!(none, None);
}

/// Both are written, in one order or the other, and nothing points to who went away.
pub async fn let_an_undone_import_and_a_request_meet(stores: Stores) {
    const ADDED: u32 = 8;
    let build = Build::new();
    for _ in 0..ROUNDS {
        let class = class(&build, &stores, 1).await;
        let mut more = rows(1);
        more.extend((0..ADDED).map(|one| row(90 + one, "Martin", "Léo", "6B")));
        let applied = imported(&build, &stores, class.school.id, more).await;
        let pupil = build.pupil(&stores, &class.school, "A", "B").await.id;
        let mut asking = class.asking(&build, 0, pupil);
        let added = applied.inserted.iter().map(|student| student.id);
        asking.students.extend(added);
        stores.requests.record_asking(&asking).await.unwrap();
        let (question, hand) = (class.question(&[0], pupil), build.hand(Actor::Pupil(pupil)));
        let again = Asking {
            students: asking.students.iter().rev().copied().collect(),
            ..LinkingRequest::ask(Some(&asking.request), question, hand)
        };
        let undo = undo(&build, &stores, &class, &applied).await;
        let (requests, rosters) = (stores.requests.clone(), stores.rosters.clone());
        let both = at_once(
            async move { requests.record_asking(&again).await.is_ok() },
            async move { rosters.record_undo(&undo).await.is_ok() },
        )
        .await;
        assert_eq!(both, [true, true]);
        let named = listed(&stores, &class, Some(ConnectionKind::ToCheck)).await;
        assert_eq!(named, [(class.students[0].id, Connection::ToCheck)]);
    }
}

pub async fn tell_that_a_first_pupil_is_linked(stores: Stores) {
    let build = Build::new();
    let class = class(&build, &stores, 1).await;
    let school = class.school.id;
    let facts = async || {
        stores
            .organizations
            .onboarding(school)
            .await
            .unwrap()
            .unwrap()
    };
    let before = facts().await;
    assert!(before.campaign_created && !before.first_pupil_linked);
    let pupil = build.pupil(&stores, &class.school, "A", "B").await;
    class.link(&build, &stores, 0, pupil.id).await;
    assert!(facts().await.first_pupil_linked);
}
