//! What pupils and members do, on real stores: the use cases of reconciliation.

use std::sync::Arc;

use jiff::SignedDuration;
use jiff::civil::Date;
use pix_orga_domain::campaign::Campaign;
use pix_orga_domain::ids::{LinkingRequestId, StudentId};
use pix_orga_domain::pupil::PupilAccount;
use pix_orga_domain::pupil::sign_in::FederatedIdentity;
use pix_orga_domain::reconciliation::requests::RequestState;
use pix_orga_domain::reconciliation::settling::LinkingRequests;
use pix_orga_domain::reconciliation::tries::{TRIES_MAX, Tries};
use pix_orga_domain::reconciliation::use_cases::{
    Admission, Asked, Entry, EntryRefusal, Reconciliation, Tried, TypedBirthdate,
};
use pix_orga_domain::refusal::Denied;
use pix_orga_domain::roster::reading::StudentRow;

use super::{ROUNDS, at_once};
use crate::build::Build;
use crate::build::pupil::Class;
use crate::build::roster::row;
use crate::recording::Recording;
use crate::stores::Stores;

/// Every clause of the use cases of reconciliation.
#[macro_export]
macro_rules! reconciliation_contract {
    ($fresh:ident) => {
        $crate::clauses!($fresh, reconciliation:
            link_by_the_date_then_ask_nothing_more,
            refuse_a_date_that_is_no_pupil_s_without_counting,
            stop_after_five_tries_a_day_and_ten_in_all,
            stop_two_tries_at_once_where_one_is_left,
            carry_the_link_of_another_school,
            refuse_codes_that_open_nothing_and_pupils_of_other_schools,
            overtake_the_request_of_a_pupil_who_links,
            link_one_of_two_identities_that_race_for_a_student,
        );
    };
}

pub(super) struct Scene {
    pub(super) build: Arc<Build>,
    pub(super) stores: Stores,
    pub(super) class: Class,
    pub(super) pupils: Arc<Reconciliation>,
    pub(super) staff: Arc<LinkingRequests>,
}

impl Scene {
    pub(super) async fn with(stores: Stores, rows: Vec<StudentRow>) -> Self {
        Self::of(Arc::new(Build::new()), stores, rows).await
    }

    /// Another school on the same stores.
    pub(super) async fn of(build: Arc<Build>, stores: Stores, rows: Vec<StudentRow>) -> Self {
        let class = build.class(&stores, rows).await;
        let pupils = Arc::new(Reconciliation {
            links: stores.links.clone(),
            requests: stores.requests.clone(),
            campaigns: stores.campaigns.clone(),
            organizations: stores.organizations.clone(),
            clock: build.clock.clone(),
            chance: build.chance.clone(),
        });
        let staff = Arc::new(LinkingRequests {
            links: stores.links.clone(),
            requests: stores.requests.clone(),
            pupils: stores.pupils.clone(),
            campaigns: stores.campaigns.clone(),
            clock: build.clock.clone(),
            chance: build.chance.clone(),
        });
        Self {
            build,
            stores,
            class,
            pupils,
            staff,
        }
    }

    /// Pupils come from now on by stores that remember what they were asked.
    pub(super) fn record(&mut self) -> Arc<Recording> {
        let recording = Recording::of(&self.stores);
        self.pupils = Arc::new(Reconciliation {
            links: recording.clone(),
            requests: recording.clone(),
            campaigns: recording.clone(),
            organizations: recording.clone(),
            clock: self.build.clock.clone(),
            chance: self.build.chance.clone(),
        });
        recording
    }

    pub(super) async fn pupil(&self, last_name: &str, first_name: &str) -> PupilAccount {
        let school = &self.class.school;
        self.build
            .pupil(&self.stores, school, last_name, first_name)
            .await
    }

    pub(super) async fn try_date(
        &self,
        pupil: &PupilAccount,
        date: Date,
    ) -> Result<Tried, Refused> {
        let code = self.class.campaign.code.to_string();
        refused(
            self.pupils
                .submit_birthdate(pupil, &code, &typed(date))
                .await,
        )
    }

    /// Comes by the campaign's code.
    pub(super) async fn come(&self, pupil: &PupilAccount) -> Result<Entry, Refused> {
        let code = self.class.campaign.code.to_string();
        refused(self.pupils.enter_campaign(pupil, &code).await)
    }

    pub(super) async fn ask(&self, pupil: &PupilAccount, date: Date) -> LinkingRequestId {
        let code = self.class.campaign.code.to_string();
        let asked = self
            .pupils
            .ask_teacher(pupil, &code, &typed(date))
            .await
            .unwrap();
        assert_eq!(asked, Asked::Waiting);
        let last = self
            .stores
            .requests
            .last_of(self.class.school.id, pupil.id)
            .await;
        last.unwrap().unwrap().id
    }

    pub(super) async fn is_linked(&self, pupil: &PupilAccount) -> bool {
        let link = self
            .stores
            .links
            .link_of_pupil(self.class.school.id, pupil.id)
            .await;
        link.unwrap().is_some()
    }

    pub(super) fn student(&self, number: usize) -> StudentId {
        self.class.students[number].id
    }

    pub(super) fn born(&self, number: usize) -> Date {
        self.class.students[number].birthdate
    }

    pub(super) async fn participants(&self, campaign: &Campaign) -> u32 {
        let class = Class {
            campaign: campaign.clone(),
            ..self.class.clone()
        };
        class.participants(&self.stores, 0, 1).await.total
    }
}

/// A refusal, or what no test expects.
pub(super) type Refused = EntryRefusal;

pub(super) fn refused<T>(outcome: Result<T, Denied<EntryRefusal>>) -> Result<T, Refused> {
    outcome.map_err(|denied| match denied {
        Denied::Refused(refusal) => refusal,
        other => panic!("{other}"),
    })
}

pub(super) fn typed(date: Date) -> TypedBirthdate {
    TypedBirthdate {
        day: date.day().to_string(),
        month: format!("{:02}", date.month()),
        year: date.year().to_string(),
    }
}

pub(super) fn nobody(tries_left: u32) -> Tried {
    Tried::Nobody {
        tries_left,
        alarm: None,
    }
}

pub(super) fn one_row() -> Vec<StudentRow> {
    vec![row(1, "Lefèvre", "Zoé", "6A")]
}

pub(super) const NOBODY_BORN: Date = Date::constant(2011, 7, 20);

pub async fn link_by_the_date_then_ask_nothing_more(stores: Stores) {
    let scene = Scene::with(stores, one_row()).await;
    let pupil = scene.pupil("LEFEVRE", "Zoë").await;
    let code = format!(" {} ", scene.class.campaign.code.as_str().to_lowercase());
    let entry = scene.pupils.enter_campaign(&pupil, &code).await.unwrap();
    let Entry::CheckIdentity(check) = entry else {
        panic!("nobody knows them yet");
    };
    assert_eq!((check.tries_left, check.request), (5, None));
    assert_eq!(check.organization, scene.class.school);
    assert_eq!(scene.participants(&scene.class.campaign).await, 0);
    let tried = scene.try_date(&pupil, scene.born(0)).await.unwrap();
    let Tried::In(admitted) = tried else {
        panic!("they are the student");
    };
    let division = "6A".to_owned();
    assert_eq!(admitted.how, Admission::Linked { division });
    assert_eq!(scene.participants(&scene.class.campaign).await, 1);

    let second = scene
        .build
        .campaign(&scene.stores, &scene.class.teacher)
        .await;
    let entry = scene
        .pupils
        .enter_campaign(&pupil, second.code.as_str())
        .await
        .unwrap();
    let Entry::In(admitted) = entry else {
        panic!("they are linked");
    };
    assert_eq!(admitted.how, Admission::Already);
    assert_eq!(scene.participants(&second).await, 1);
    let again = scene.try_date(&pupil, NOBODY_BORN).await.unwrap();
    assert!(matches!(again, Tried::In(_)));
}

pub async fn refuse_a_date_that_is_no_pupil_s_without_counting(stores: Stores) {
    let scene = Scene::with(stores, one_row()).await;
    let pupil = scene.pupil("Lefèvre", "Zoé").await;
    for date in [Date::constant(1990, 1, 1), Date::constant(2020, 1, 1)] {
        let refusal = Err(EntryRefusal::BirthdateOutOfRange);
        assert_eq!(scene.try_date(&pupil, date).await, refusal);
    }
    let code = scene.class.campaign.code.to_string();
    let wrong = TypedBirthdate {
        day: "31".to_owned(),
        month: "2".to_owned(),
        year: "2013".to_owned(),
    };
    let tried = refused(scene.pupils.submit_birthdate(&pupil, &code, &wrong).await);
    assert_eq!(tried, Err(EntryRefusal::BirthdateInvalid));
    let asked = refused(scene.pupils.ask_teacher(&pupil, &code, &wrong).await);
    assert_eq!(asked, Err(EntryRefusal::BirthdateInvalid));
    assert_eq!(scene.try_date(&pupil, NOBODY_BORN).await, Ok(nobody(4)));
}

pub async fn stop_after_five_tries_a_day_and_ten_in_all(stores: Stores) {
    let scene = Scene::with(stores, one_row()).await;
    let pupil = scene.pupil("Lefèvre", "Zoé").await;
    for day in 0..2 {
        for left in (0..5).rev() {
            assert_eq!(
                scene.try_date(&pupil, NOBODY_BORN).await,
                Ok(nobody(left)),
                "day {day}"
            );
        }
        let refusal = match day {
            0 => EntryRefusal::AttemptsExhaustedToday,
            _ => EntryRefusal::AttemptsExhausted,
        };
        assert_eq!(scene.try_date(&pupil, scene.born(0)).await, Err(refusal));
        scene.build.clock.advance(SignedDuration::from_hours(24));
    }
    let refusal = Err(EntryRefusal::AttemptsExhausted);
    assert_eq!(scene.try_date(&pupil, scene.born(0)).await, refusal);
    let tries = scene
        .stores
        .links
        .tries(pupil.id, pupil.created_at)
        .await
        .unwrap();
    assert_eq!((tries.made, tries.missed), (TRIES_MAX, TRIES_MAX));
    let request = scene.ask(&pupil, scene.born(0)).await;
    assert!(!scene.is_linked(&pupil).await);
    scene
        .staff
        .approve(&scene.class.teacher, request, scene.student(0))
        .await
        .unwrap();
    let code = scene.class.campaign.code.to_string();
    let entry = scene.pupils.enter_campaign(&pupil, &code).await.unwrap();
    assert!(matches!(entry, Entry::In(_)));
}

pub async fn stop_two_tries_at_once_where_one_is_left(stores: Stores) {
    let scene = Scene::with(stores, one_row()).await;
    for _ in 0..ROUNDS {
        // Apart, or a hundred misses raise the alarm.
        scene.build.clock.advance(SignedDuration::from_hours(1));
        let pupil = scene.pupil("Lefèvre", "Zoé").await;
        for left in (1..5).rev() {
            assert_eq!(scene.try_date(&pupil, NOBODY_BORN).await, Ok(nobody(left)));
        }
        let attempt = || {
            let (pupils, pupil) = (scene.pupils.clone(), pupil.clone());
            let code = scene.class.campaign.code.to_string();
            let date = typed(NOBODY_BORN);
            async move { refused(pupils.submit_birthdate(&pupil, &code, &date).await) }
        };
        let mut outcomes = Vec::from(at_once(attempt(), attempt()).await);
        outcomes.sort_by_key(Result::is_err);
        assert_eq!(
            outcomes,
            [Ok(nobody(0)), Err(EntryRefusal::AttemptsExhaustedToday)]
        );
    }
}

pub async fn carry_the_link_of_another_school(stores: Stores) {
    let scene = Scene::with(stores, one_row()).await;
    let next = scene.build.class(&scene.stores, one_row()).await;
    let mut identity = scene.build.identity(&scene.class.school, "LEFEVRE", "Zoé");
    identity
        .uais
        .push(next.school.uai.to_string().to_lowercase());
    let signed_in = scene.build.sign_in(None, &identity);
    scene
        .stores
        .pupils
        .record_sign_in(&signed_in)
        .await
        .unwrap();
    let pupil = signed_in.account;
    let code = next.campaign.code.to_string();
    let entry = scene.pupils.enter_campaign(&pupil, &code).await.unwrap();
    assert!(matches!(entry, Entry::CheckIdentity(_)));
    let tried = scene.try_date(&pupil, scene.born(0)).await.unwrap();
    assert!(matches!(tried, Tried::In(_)));

    let unsigned = FederatedIdentity {
        uais: vec![scene.class.school.uai.to_string()],
        ..identity.clone()
    };
    let only_here = scene.build.sign_in(Some(&pupil), &unsigned).account;
    let entry = refused(scene.pupils.enter_campaign(&only_here, &code).await);
    assert_eq!(entry, Err(EntryRefusal::WrongSchool));

    let entry = scene.pupils.enter_campaign(&pupil, &code).await.unwrap();
    let Entry::In(admitted) = entry else {
        panic!("their INE is known here");
    };
    let division = "6A".to_owned();
    assert_eq!(admitted.how, Admission::Carried { division });
    let link = scene
        .stores
        .links
        .link_of_pupil(next.school.id, pupil.id)
        .await
        .unwrap();
    assert_eq!(link.map(|link| link.student_id), Some(next.students[0].id));
    assert_eq!(next.participants(&scene.stores, 0, 1).await.total, 1);
}

/// A pupil whose answer has no `UAI`, as under a contract without it.
pub async fn refuse_codes_that_open_nothing_and_pupils_of_other_schools(stores: Stores) {
    let scene = Scene::with(stores, one_row()).await;
    let pupil = scene.pupil("Lefèvre", "Zoé").await;
    let elsewhere = scene.build.class(&scene.stores, one_row()).await;
    let archived = scene
        .build
        .campaign(&scene.stores, &scene.class.teacher)
        .await;
    let (chance, now) = (scene.build.chance.as_ref(), scene.build.now());
    let archive = archived
        .archive(&scene.class.teacher, chance, now)
        .unwrap()
        .unwrap();
    scene.stores.campaigns.record(&archive).await.unwrap();
    let elsewhere = elsewhere.campaign.code.to_string();
    for (code, expected) in [
        ("", EntryRefusal::CampaignNotFound),
        ("pas un code", EntryRefusal::CampaignNotFound),
        ("ABCDEF234", EntryRefusal::CampaignNotFound),
        (archived.code.as_str(), EntryRefusal::CampaignArchived),
        (elsewhere.as_str(), EntryRefusal::WrongSchool),
    ] {
        let date = typed(scene.born(0));
        let entry = refused(scene.pupils.enter_campaign(&pupil, code).await);
        assert_eq!(entry, Err(expected), "{code}");
        let tried = refused(scene.pupils.submit_birthdate(&pupil, code, &date).await);
        assert_eq!(tried, Err(expected), "{code}");
        let asked = refused(scene.pupils.ask_teacher(&pupil, code, &date).await);
        assert_eq!(asked, Err(expected), "{code}");
    }
    let tries = scene
        .stores
        .links
        .tries(pupil.id, pupil.created_at)
        .await
        .unwrap();
    assert_eq!(tries, Tries::default());
}

pub async fn overtake_the_request_of_a_pupil_who_links(stores: Stores) {
    let scene = Scene::with(stores, one_row()).await;
    let pupil = scene.pupil("Lefèvre", "Zoé").await;
    let request = scene.ask(&pupil, NOBODY_BORN).await;
    let tried = scene.try_date(&pupil, scene.born(0)).await.unwrap();
    assert!(matches!(tried, Tried::In(_)));
    let seen = scene
        .staff
        .find(&scene.class.teacher, request)
        .await
        .unwrap();
    assert!(matches!(
        seen.asked.request.state,
        RequestState::Overtaken { .. }
    ));
    let code = scene.class.campaign.code.to_string();
    let asked = scene
        .pupils
        .ask_teacher(&pupil, &code, &typed(NOBODY_BORN))
        .await
        .unwrap();
    assert!(matches!(asked, Asked::In(_)));
}

pub async fn link_one_of_two_identities_that_race_for_a_student(stores: Stores) {
    let rows = (1..=ROUNDS).map(|number| {
        let month = i8::try_from(number % 12 + 1).unwrap();
        let day = i8::try_from(number).unwrap();
        StudentRow {
            birthdate: Date::new(2013, month, day).unwrap(),
            ..row(number, "Lefèvre", "Zoé", "6A")
        }
    });
    let scene = Scene::with(stores, rows.collect()).await;
    for number in 0..ROUNDS as usize {
        let (one, two) = (
            scene.pupil("Lefèvre", "Zoé").await,
            scene.pupil("Lefèvre", "Zoé").await,
        );
        let attempt = |pupil: &PupilAccount| {
            let (pupils, pupil) = (scene.pupils.clone(), pupil.clone());
            let code = scene.class.campaign.code.to_string();
            let date = typed(scene.born(number));
            async move { refused(pupils.submit_birthdate(&pupil, &code, &date).await).unwrap() }
        };
        let outcomes = at_once(attempt(&one), attempt(&two)).await;
        let entered = outcomes
            .iter()
            .filter(|tried| matches!(tried, Tried::In(_)));
        assert_eq!(entered.count(), 1);
        assert_ne!(scene.is_linked(&one).await, scene.is_linked(&two).await);
    }
}
