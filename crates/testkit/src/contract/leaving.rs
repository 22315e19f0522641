//! Whoever asks a store something may leave before the answer: a browser that closes, a task that is dropped.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

use jiff::{SignedDuration, Timestamp};
use pix_orga_domain::account::LinkPurpose;
use pix_orga_domain::audit::Action;
use pix_orga_domain::audit::use_cases::Named;
use pix_orga_domain::ids::{OrganizationId, PupilId};
use pix_orga_domain::installation::InstallationKind;
use pix_orga_domain::outbox::store::TokenFate;
use pix_orga_domain::pupil::sign_in::BegunSignIn;
use pix_orga_domain::reconciliation::store::Among;
use pix_orga_domain::retention::Expired;
use pix_orga_domain::roster::listing::{ListQuery, ListRequest};
use pix_orga_domain::session::Subject;
use pix_orga_domain::terms::{TermsDecision, TermsKind};
use pix_orga_domain::throttle::{Counted, Counter, Rule, ThrottleKey};
use pix_orga_domain::token::RawToken;

use crate::build::Build;
use crate::build::pupil::Class;
use crate::build::roster::{TODAY, checked, morning, reading, rows, staging};
use crate::stores::Stores;

/// Every clause of those who leave.
#[macro_export]
macro_rules! leaving_contract {
    ($fresh:ident) => {
        $crate::clauses!($fresh, leaving:
            serve_the_next_whatever_a_reader_left,
            serve_the_next_whatever_a_writer_left,
        );
    };
}

/// More than a store has connections: each is looked at.
const LOOKS: usize = 24;
/// Awaits of one call, at most.
const AWAITS_MAX: u32 = 400;

/// Something that is asked.
type Asked = Pin<Box<dyn Future<Output = ()> + Send>>;
/// Asks it anew, on values of its own.
type Ask<'a> = Box<dyn Fn() -> Asked + Send + Sync + 'a>;

/// When somebody leaves a call that waits.
#[derive(Clone, Copy)]
enum Moment {
    /// As soon as it waits: what was asked is on its way.
    AtOnce,
    /// When the answer came, before it is read.
    OnceAnswered,
}

/// Polls a call until it waits for the `awaits`th time, then drops it. True when it ended before.
async fn ends_before(mut asked: Asked, awaits: u32, moment: Moment) -> bool {
    let mut left = awaits;
    poll_fn(move |context| {
        if left == 0 {
            return Poll::Ready(false);
        }
        left -= 1;
        match (asked.as_mut().poll(context), moment) {
            (Poll::Ready(()), _) => Poll::Ready(true),
            (Poll::Pending, Moment::AtOnce) if left == 0 => Poll::Ready(false),
            (Poll::Pending, _) => Poll::Pending,
        }
    })
    .await
}

/// Leaves a call at each of its awaits.
async fn leave_at_every_await(ask: &Ask<'_>) {
    for moment in [Moment::AtOnce, Moment::OnceAnswered] {
        let mut awaits = 0;
        while !ends_before(ask(), awaits, moment).await {
            awaits += 1;
            assert!(awaits < AWAITS_MAX, "it never ends");
        }
    }
}

/// Every connection reads what was just written, and what each writes stays.
///
/// # Panics
/// When one does not.
pub async fn must_serve(stores: &Stores, build: &Build, after: &str) {
    let school = build.school(stores).await;
    let from = build.now();
    let tries = tries(&school.id.0.to_string());
    let mut looks = Vec::new();
    for _ in 0..LOOKS {
        let (stores, school) = (stores.clone(), school.clone());
        looks.push(tokio::spawn(async move {
            let list = ListQuery::all(school.id, &ListRequest::default(), TODAY);
            stores.rosters.overview(&list).await.unwrap();
            let counted = stores.throttle.count(&[tries], from).await.unwrap();
            assert_eq!(counted, Counted::Passed);
            stores.organizations.find(school.id).await.unwrap() == Some(school)
        }));
    }
    for look in looks {
        assert!(look.await.unwrap(), "after {after}, a connection is behind");
    }
    let one_more = stores.throttle.count(&[tries], from).await.unwrap();
    assert!(matches!(one_more, Counted::Wait(_)), "after {after}");
}

/// As many tries as there are looks.
fn tries(value: &str) -> Counter {
    Counter {
        key: ThrottleKey::of("leaving", value),
        rule: Rule::AtMost {
            count: LOOKS,
            window: SignedDuration::from_hours(1),
        },
    }
}

/// A call of a port, on copies of what it is asked with.
macro_rules! ask {
    ($stores:ident.$port:ident.$method:ident($($argument:ident),*)) => {{
        let port = $stores.$port.clone();
        Box::pin(async move {
            let _ = port.$method($(&$argument),*).await;
        }) as Asked
    }};
    ($stores:ident.$port:ident.$method:ident => $($argument:expr),*) => {{
        let port = $stores.$port.clone();
        Box::pin(async move {
            let _ = port.$method($($argument),*).await;
        }) as Asked
    }};
}

/// A call that can be asked again and again.
fn an<'a>(
    call: &'static str,
    ask: impl Fn() -> Asked + Send + Sync + 'a,
) -> (&'static str, Ask<'a>) {
    (call, Box::new(ask))
}

pub async fn serve_the_next_whatever_a_reader_left(stores: Stores) {
    let build = Build::new();
    let class = build.class(&stores, rows(3)).await;
    let pupil = build.pupil(&stores, &class.school, "A", "B").await;
    class.link(&build, &stores, 0, pupil.id).await;
    let asks = [
        readers_of_people(&class, &stores),
        readers_of_pupils(&class, &stores, pupil.id),
    ];
    for (asked, ask) in asks.iter().flatten() {
        leave_at_every_await(ask).await;
        must_serve(&stores, &build, asked).await;
    }
}

fn readers_of_people<'a>(class: &Class, s: &'a Stores) -> Vec<(&'static str, Ask<'a>)> {
    let (id, account) = (class.school.id, class.administrator.account.id);
    let student = class.students[0].id;
    vec![
        an("level", || ask!(s.vitals.level => )),
        an("open imports", || ask!(s.vitals.open_imports => )),
        an("all schools", || ask!(s.organizations.all => )),
        an("blank", move || ask!(s.organizations.is_blank => id)),
        an("a journal", move || ask!(s.audit.page => id, 0, 10)),
        an("who is named", move || {
            let students = vec![student];
            let named = Named {
                students,
                ..Named::default()
            };
            ask!(s.audit.mentioned => id, &named)
        }),
        an("mails", || ask!(s.outbox.counts => )),
        an("an account", move || ask!(s.accounts.find => account)),
        an("a session", || {
            let cookie = RawToken::presented("nobody").hash();
            ask!(s.sessions.find(cookie))
        }),
        an("terms", move || ask!(s.terms.accepted => account)),
        an("a team", move || ask!(s.teams.load => id)),
        an("people", move || ask!(s.teams.people => id)),
        an("invitations", move || ask!(s.invitations.list => id)),
    ]
}

fn readers_of_pupils<'a>(
    class: &Class,
    s: &'a Stores,
    pupil: PupilId,
) -> Vec<(&'static str, Ask<'a>)> {
    let (id, student) = (class.school.id, class.students[0].id);
    vec![
        an("a roster", move || ask!(s.rosters.load => id)),
        an("a summary", move || ask!(s.rosters.summary => id, TODAY)),
        an("a list", move || {
            let query = ListQuery::all(id, &ListRequest::default(), TODAY);
            ask!(s.rosters.overview(query))
        }),
        an("imports", move || ask!(s.imports.history => id, 10)),
        an("a pupil", move || ask!(s.pupils.find => pupil)),
        an("a sign-in", || ask!(s.begun.find => "_none")),
        an("campaigns", move || ask!(s.campaigns.list => id, 10)),
        an(
            "a link",
            move || ask!(s.links.link_of_student => id, student),
        ),
        an(
            "candidates",
            move || ask!(s.links.candidates => id, Among::Student(student), TODAY),
        ),
        an("requests", move || ask!(s.requests.pending => id, 10)),
        an("who is due", || ask!(s.retention.due_to_leave => TODAY, 10)),
        an("who left", || ask!(s.retention.departed => TODAY, 10)),
        an("a dossier", move || ask!(s.dossiers.kept => id, student)),
    ]
}

pub async fn serve_the_next_whatever_a_writer_left(stores: Stores) {
    let (build, s) = (&Build::new(), &stores);
    let class = &build.class(s, rows(40)).await;
    let asks = [
        writers_of_mails(build, class, s),
        writers_of_accounts(build, class, s),
        writers_of_pupils(build, class, s),
    ];
    for (asked, ask) in asks.iter().flatten() {
        leave_at_every_await(ask).await;
        must_serve(s, build, asked).await;
    }
    let spare = build.school(s).await.id;
    leave_an_import(build, s, spare).await;
}

/// Each writer writes something new every time it is asked.
fn writers_of_mails<'a>(
    build: &'a Build,
    class: &'a Class,
    s: &'a Stores,
) -> Vec<(&'static str, Ask<'a>)> {
    vec![
        an(
            "an installation",
            || ask!(s.installation.claim => InstallationKind::Production),
        ),
        an("a school", || {
            let creation = build.creation();
            ask!(s.organizations.record(creation))
        }),
        an("a notice", || {
            let mail = build.mail(&class.school);
            let audit = build.audit(class.school.id, Action::LinkAskedAgain);
            ask!(s.invitations.record_notice(mail, audit))
        }),
        an("an invitation", || {
            let sending = build.colleague(&class.administrator, &build.email(), class.teacher.role);
            ask!(s.invitations.record_sending(sending))
        }),
        an("a mail's claim", || {
            let (now, lease) = (build.now(), build.now());
            ask!(s.outbox.claim => now, lease, SignedDuration::ZERO)
        }),
        an("a mail that left", || {
            let (mail, at) = (build.mail(&class.school).id, build.now());
            ask!(s.outbox.record_sent => mail, at, TokenFate::Erase)
        }),
    ]
}

fn writers_of_accounts<'a>(
    build: &'a Build,
    class: &'a Class,
    s: &'a Stores,
) -> Vec<(&'static str, Ask<'a>)> {
    let account = &class.administrator.account;
    vec![
        an("a link of an account", || {
            let issue = build.link(account, LinkPurpose::ResetPassword);
            ask!(s.accounts.record_link(issue))
        }),
        an("a session", || {
            let (session, _) = build.session(Subject::Account(account.id));
            ask!(s.sessions.open(session))
        }),
        an("sessions that end", || {
            let subject = Subject::Account(account.id);
            ask!(s.sessions.close_all => subject)
        }),
        an("terms", || {
            let acceptance = build.terms(account.id, TermsKind::Account);
            let audit = Vec::new();
            let decision = TermsDecision { acceptance, audit };
            ask!(s.terms.record(decision))
        }),
        an("a try", || {
            let (tries, now) = (tries("left"), build.now());
            ask!(s.throttle.count => &[tries], now)
        }),
        an("a try taken back", || {
            let (key, now) = (tries("left").key, build.now());
            ask!(s.throttle.take_back => &[key], now)
        }),
    ]
}

fn writers_of_pupils<'a>(
    build: &'a Build,
    class: &'a Class,
    s: &'a Stores,
) -> Vec<(&'static str, Ask<'a>)> {
    vec![
        an("a pupil's sign-in", || {
            let identity = build.identity(&class.school, "A", "B");
            let signed_in = build.sign_in(None, &identity);
            ask!(s.pupils.record_sign_in(signed_in))
        }),
        an("a sign-in that begins", || {
            let browser = RawToken::draw(build.chance.as_ref());
            let request = format!("_{}", build.number());
            let begun = BegunSignIn::new(request, &browser, None, build.now());
            ask!(s.begun.begin(begun))
        }),
        an("a campaign", || {
            let creation = build.campaign_creation(&class.teacher);
            ask!(s.campaigns.record(creation))
        }),
        an("an upload", || {
            let upload = staging(build, class.school.id, build.now());
            ask!(s.imports.stage(upload))
        }),
        an("an import's claim", || {
            let (now, lease) = (build.now(), build.now());
            ask!(s.imports.claim => now, lease)
        }),
        an("what is past its time", || {
            let before = Timestamp::UNIX_EPOCH;
            ask!(s.retention.delete => Expired::Tries { before }, 10)
        }),
        an("an export", || {
            let audit = build.audit(class.school.id, Action::LinkAskedAgain);
            ask!(s.dossiers.record_export(audit))
        }),
    ]
}

/// The longest write there is: whole or not at all, wherever whoever asked it leaves.
async fn leave_an_import(build: &Build, stores: &Stores, school: OrganizationId) {
    let file = reading(rows(40));
    let import = checked(build, stores, school, &file, morning()).await;
    let policy = pix_orga_domain::organization::ImportPolicy::Updatable;
    let mut awaits = 0;
    loop {
        let roster = stores.rosters.load(school).await.unwrap();
        if !roster.students.is_empty() {
            assert_eq!(roster.students.len(), 40);
            break;
        }
        let applied =
            crate::build::roster::applied(build, &roster, &import, &file, policy, morning());
        let asked = ask!(stores.rosters.record_import(applied));
        let ended = ends_before(asked, awaits, Moment::AtOnce).await;
        must_serve(stores, build, "an import").await;
        let written = stores.rosters.load(school).await.unwrap().students.len();
        assert!(
            written == 40 || (written == 0 && !ended),
            "{written} of 40 pupils after {awaits} awaits"
        );
        awaits += 1;
    }
}

/// A `COMMIT` that fails leaves nothing, and the next write succeeds once the cause is gone. `refuse` makes every
/// commit that creates a school fail, `mend` ends that.
///
/// # Panics
/// When a store does otherwise.
pub async fn survive_commits_that_fail(
    stores: &Stores,
    refuse: impl AsyncFn(),
    mend: impl AsyncFn(),
) {
    let build = Build::new();
    must_serve(stores, &build, "nothing").await;
    for _ in 0..3 {
        refuse().await;
        for _ in 0..LOOKS {
            let creation = build.creation();
            assert!(stores.organizations.record(&creation).await.is_err());
            let found = stores.organizations.find(creation.organization.id).await;
            assert_eq!(found.unwrap(), None);
        }
        mend().await;
        must_serve(stores, &build, "commits that failed").await;
    }
}
