//! Sessions.

use jiff::SignedDuration;
use pix_orga_domain::ids::{AccountId, PupilId};
use pix_orga_domain::session::Subject;

use crate::build::Build;
use crate::stores::Stores;

/// Every clause of sessions.
#[macro_export]
macro_rules! session_contract {
    ($fresh:ident) => {
        $crate::clauses!($fresh, session:
            find_a_session_as_it_was_opened_by_its_cookie,
            refuse_a_second_session_with_the_same_cookie,
            note_the_last_page_and_never_go_back,
            end_a_session_and_no_other,
            end_every_session_of_somebody_and_no_other,
        );
    };
}

pub async fn find_a_session_as_it_was_opened_by_its_cookie(stores: Stores) {
    let build = Build::new();
    let adult = Subject::Account(AccountId(build.id()));
    let pupil = Subject::Pupil(PupilId(build.id()));
    for subject in [adult, pupil] {
        let (session, cookie) = build.session(subject);
        stores.sessions.open(&session).await.unwrap();
        let found = stores.sessions.find(&cookie.hash()).await.unwrap();
        assert_eq!(found, Some(session));
    }
    let (_, unknown) = build.session(adult);
    let found = stores.sessions.find(&unknown.hash()).await.unwrap();
    assert_eq!(found, None);
}

pub async fn refuse_a_second_session_with_the_same_cookie(stores: Stores) {
    let build = Build::new();
    let (session, cookie) = build.session(Subject::Account(AccountId(build.id())));
    let (mut twin, _) = build.session(Subject::Account(AccountId(build.id())));
    twin.token = session.token;
    stores.sessions.open(&session).await.unwrap();
    assert!(stores.sessions.open(&twin).await.is_err());
    let found = stores.sessions.find(&cookie.hash()).await.unwrap();
    assert_eq!(found, Some(session));
}

pub async fn note_the_last_page_and_never_go_back(stores: Stores) {
    let build = Build::new();
    let (session, cookie) = build.session(Subject::Account(AccountId(build.id())));
    stores.sessions.open(&session).await.unwrap();
    let later = session.opened_at + SignedDuration::from_mins(5);
    for at in [later, session.opened_at] {
        stores.sessions.touch(session.id, at).await.unwrap();
        let found = stores.sessions.find(&cookie.hash()).await.unwrap();
        assert_eq!(found.map(|session| session.last_seen_at), Some(later));
    }
    let (gone, _) = build.session(session.subject);
    stores.sessions.touch(gone.id, later).await.unwrap();
}

pub async fn end_a_session_and_no_other(stores: Stores) {
    let build = Build::new();
    let subject = Subject::Account(AccountId(build.id()));
    let ((one, cookie), (other, other_cookie)) = (build.session(subject), build.session(subject));
    stores.sessions.open(&one).await.unwrap();
    stores.sessions.open(&other).await.unwrap();
    stores.sessions.close(one.id).await.unwrap();
    stores.sessions.close(one.id).await.unwrap();
    assert_eq!(stores.sessions.find(&cookie.hash()).await.unwrap(), None);
    let kept = stores.sessions.find(&other_cookie.hash()).await.unwrap();
    assert_eq!(kept, Some(other));
}

pub async fn end_every_session_of_somebody_and_no_other(stores: Stores) {
    let build = Build::new();
    let id = build.id();
    let (adult, pupil) = (Subject::Account(AccountId(id)), Subject::Pupil(PupilId(id)));
    let mut cookies = Vec::new();
    for subject in [adult, adult, pupil] {
        let (session, cookie) = build.session(subject);
        stores.sessions.open(&session).await.unwrap();
        cookies.push(cookie);
    }
    stores.sessions.close_all(adult).await.unwrap();
    let mut kept = Vec::new();
    for cookie in cookies {
        let found = stores.sessions.find(&cookie.hash()).await.unwrap();
        kept.push(found.map(|session| session.subject));
    }
    assert_eq!(kept, [None, None, Some(pupil)]);
}
