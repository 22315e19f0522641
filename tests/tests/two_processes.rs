//! Two servers on one PostgreSQL: what one wrote the other reads, what both do at once happens once, and what one was
//! doing when it was killed ends whole or not at all on the other.

use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use journeys::pause::{Pause, Point};
use journeys::people::{Head, PASSWORD, create_account, join, last_mail_to, link_of};
use journeys::pupils::{School, Somebody, enter, school, somebody, type_date};
use journeys::{Browser, Database, Demo, Page};
use pix_orga_demo::schools;
use xtask_cluster::databases::URL_VARIABLE;
use xtask_cluster::{Binaries, Cluster};

const ZIP: &str = "ExportXML_ElevesSansAdresses.zip";
const IMPORT: &str = "Importer (.xml ou .zip)";
const CLAIRE: &str = "claire.petit@college.invalid";
/// Rounds of what two do at once.
const ROUNDS: usize = 20;
/// How long a worker holds an import without a word, in microseconds, and more.
const LEASE: i64 = 60_000_000;
const END_MAX: Duration = Duration::from_mins(1);
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Two processes on one database.
async fn two() -> (Demo, Demo) {
    let one = Demo::start_on_postgres().await;
    let other = one.another().await;
    (one, other)
}

/// The one number that a query of PostgreSQL gives.
async fn count(database: &Database, query: &str) -> usize {
    let mut link = database.open().await;
    link.rows("", query).await[0].parse().expect("a number")
}

/// Where a link leads, on whichever server.
fn path_of(link: &str) -> String {
    let rest = link.split_once("://").map_or(link, |(_, rest)| rest);
    rest[rest.find('/').expect("a path")..].to_owned()
}

/// Of two answers to the same deed done at once, one says that it is done and the other why not.
#[track_caller]
fn exactly_one(
    pages: [&Page; 2],
    done: impl Fn(&Page) -> bool,
    refused: impl Fn(&Page) -> bool,
) -> usize {
    let said = pages.map(|page| (done(page), refused(page)));
    assert!(
        matches!(
            said,
            [(true, false), (false, true)] | [(false, true), (true, false)]
        ),
        "{said:?}\n{}\n\n{}",
        pages[0].text(),
        pages[1].text()
    );
    usize::from(said[1].0)
}

#[tokio::test]
async fn a_session_opened_on_one_works_on_the_other_and_ends_on_both() {
    let (one, other) = two().await;
    let head = Head::arrives(&one).await;
    let elsewhere = head.browser.at(other.address());
    elsewhere
        .get(&head.space)
        .await
        .must_be(200)
        .must_say("Préparer votre espace");
    // Signed out there: here too.
    let page = elsewhere.get(&format!("{}/equipe", head.space)).await;
    page.must_say("Membres");
    elsewhere.press(&page, "Se déconnecter", &[]).await;
    head.at("/equipe").await.must_say("Se connecter");
    let browser = Browser::new(one.address());
    let door = browser.get("/connexion").await;
    let email = schools::all()[0].mail();
    let form = [("email", email.as_str()), ("password", PASSWORD)];
    let home = browser.press(&door, "Se connecter", &form).await;
    home.must_be(200).must_say("Préparer votre espace");
    browser
        .at(other.address())
        .get(&format!("{}/equipe", head.space))
        .await
        .must_say("Membres");
}

#[tokio::test]
async fn tries_that_fail_are_counted_together() {
    let (one, other) = two().await;
    let browsers = [one.browser(), other.browser()];
    let form = [
        ("email", "personne@college.invalid"),
        ("password", "mauvais mot de passe"),
    ];
    let mut last = browsers[0].get("/connexion").await;
    for turn in 0..6 {
        let browser = &browsers[turn % 2];
        let door = browser.get("/connexion").await;
        last = browser.press(&door, "Se connecter", &form).await;
    }
    last.must_be(429).must_say("Trop d’essais");
}

/// The number of pupils, and that none is there twice.
async fn pupils(database: &Database) -> usize {
    let all = count(database, "select count(*)::text from students").await;
    let once = "select count(distinct (organization_id, eleve_id))::text from students";
    assert_eq!(count(database, once).await, all, "somebody is there twice");
    all
}

/// What the history says of each import once none runs any more, newest first.
async fn outcomes(browser: &Browser, space: &str) -> Vec<String> {
    let end = Instant::now() + END_MAX;
    while Instant::now() < end {
        let history = browser.get(&format!("{space}/eleves/imports")).await;
        history.must_be(200);
        let outcomes = history.texts("td[data-label=Résultat]");
        if outcomes.iter().all(|outcome| outcome != "En cours") {
            return outcomes;
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    panic!("an import never ends");
}

/// Uploads to one, which is killed at a point while the other sleeps; what the other's history says in the end.
async fn killed_at(point: Point) -> (Demo, Head, Vec<String>) {
    let (mut one, other) = two().await;
    let mut head = Head::arrives(&one).await;
    let export = head.browser.download("/demo/fichiers/premier").await;
    let choose = head.at("/eleves/importer").await;
    // So that it is this one that runs the import.
    other.freeze();
    let mut pause = Pause::at(one.database(), &point).await;
    {
        let mut upload = pin!(head.browser.upload(&choose, IMPORT, "fichier", ZIP, export));
        let mut reached = pin!(pause.reached());
        let mut sent = false;
        loop {
            tokio::select! {
                page = &mut upload, if !sent => {
                    page.must_be(200);
                    sent = true;
                }
                () = &mut reached => break,
            }
        }
        one.kill().await;
    }
    pause.release().await;
    other.wake();
    // Only time shows that a process is gone.
    let later = "update imports set lease_until = lease_until - ?";
    other.write(later, LEASE).await;
    head.browser = head.browser.at(other.address());
    let outcomes = outcomes(&head.browser, &head.space).await;
    (other, head, outcomes)
}

/// The whole list is there: the same file has nothing more to bring.
async fn must_be_whole(other: &Demo, head: &Head) {
    assert!(pupils(other.database()).await > 500);
    let export = head.browser.download("/demo/fichiers/premier").await;
    head.import(ZIP, export)
        .await
        .must_say("La liste est déjà à jour");
}

#[tokio::test]
async fn a_process_killed_while_it_receives_a_file_leaves_nothing() {
    let point = Point::at("before insert on import_files for each row");
    let (other, head, outcomes) = killed_at(point).await;
    assert!(outcomes.is_empty(), "{outcomes:?}");
    assert_eq!(pupils(other.database()).await, 0);
    let export = head.browser.download("/demo/fichiers/premier").await;
    head.import(ZIP, export)
        .await
        .must_say("La liste des élèves est chargée");
    must_be_whole(&other, &head).await;
}

/// Killed at a point of an import that was received: the other takes it up, and it is applied once.
async fn taken_up_after(point: Point) {
    let (other, head, outcomes) = killed_at(point).await;
    assert_eq!(outcomes, ["Appliqué"]);
    must_be_whole(&other, &head).await;
}

#[tokio::test]
async fn a_process_killed_when_it_has_read_the_file_is_taken_over() {
    taken_up_after(Point::at(
        "before update on imports for each row when (new.state = 'checked' and old.state = 'received')",
    ))
    .await;
}

#[tokio::test]
async fn a_process_killed_when_it_has_compared_is_taken_over() {
    taken_up_after(Point::at(
        "before update on imports for each row when (new.state = 'compared' and old.state = 'checked')",
    ))
    .await;
}

#[tokio::test]
async fn a_process_killed_in_the_middle_of_the_pupils_is_taken_over() {
    taken_up_after(Point {
        from_row: 300,
        ..Point::at("before insert on students for each row")
    })
    .await;
}

#[tokio::test]
async fn a_process_killed_when_all_is_written_and_nothing_kept_is_taken_over() {
    taken_up_after(Point::at("after insert on import_inverses for each row")).await;
}

#[tokio::test]
async fn a_process_killed_during_the_commit_itself_has_applied_the_import_once() {
    taken_up_after(Point {
        at_commit: true,
        ..Point::at("after insert on import_inverses for each row")
    })
    .await;
}

#[tokio::test]
async fn a_process_killed_while_a_plan_is_applied_leaves_the_plan_to_the_other() {
    let (mut one, other) = two().await;
    let head = Head::arrives(&one).await;
    let export = head.browser.download("/demo/fichiers/premier").await;
    head.import(ZIP, export).await.must_be(200);
    let before = pupils(one.database()).await;
    let next = head.browser.download("/demo/fichiers/suivant").await;
    let plan = head.import(ZIP, next.clone()).await;
    plan.must_say("Rien n’est encore modifié");
    let point = Point::at("before insert on import_inverses for each row");
    let mut pause = Pause::at(one.database(), &point).await;
    {
        let mut pressed = pin!(head.browser.press(&plan, "Confirmer", &[]));
        tokio::select! {
            page = &mut pressed => panic!("it was not held: {}", page.text()),
            () = pause.reached() => {}
        }
        one.kill().await;
    }
    pause.release().await;
    let there = head.browser.at(other.address());
    let same = there.get(&plan.path).await;
    same.must_be(200).must_say("Rien n’est encore modifié");
    assert_eq!(pupils(other.database()).await, before);
    there
        .press(&same, "Confirmer", &[])
        .await
        .must_say("La liste des élèves est chargée");
    assert_eq!(
        outcomes(&there, &head.space).await,
        ["Appliqué", "Appliqué"]
    );
    let head = Head {
        browser: there,
        ..head
    };
    head.import(ZIP, next)
        .await
        .must_say("La liste est déjà à jour");
}

async fn sent(browser: &Browser, choose: &Page, export: &[u8]) -> Page {
    browser
        .upload(choose, IMPORT, "fichier", ZIP, export.to_vec())
        .await
}

#[tokio::test]
async fn of_two_imports_of_a_school_at_once_one_is_in_progress() {
    let (one, other) = two().await;
    let head = Head::arrives(&one).await;
    let there = head.browser.at(other.address());
    let export = head.browser.download("/demo/fichiers/premier").await;
    // None ends before both are sent.
    let point = Point::at("before update on imports for each row when (new.state = 'checked')");
    let mut pause = Pause::at(one.database(), &point).await;
    let choose = head.at("/eleves/importer").await;
    for round in 1..=ROUNDS {
        let send = |browser| sent(browser, &choose, &export);
        let (mut here, mut elsewhere) = (pin!(send(&head.browser)), pin!(send(&there)));
        // The page of the one that runs is sent to its end, which is the import's.
        let (here, elsewhere) = tokio::select! {
            page = &mut here => {
                pause.release().await;
                (page, elsewhere.await)
            }
            page = &mut elsewhere => {
                pause.release().await;
                (here.await, page)
            }
        };
        exactly_one(
            [&here, &elsewhere],
            |page| page.status == 200,
            |page| page.status == 409 && page.refuses("import_in_progress"),
        );
        assert_eq!(outcomes(&there, &head.space).await.len(), round);
        pause.hold().await;
    }
    assert!(pupils(one.database()).await > 500);
}

#[tokio::test]
async fn of_two_acceptances_of_an_invitation_at_once_one_joins() {
    let (one, other) = two().await;
    let head = Head::arrives(&one).await;
    let present = "select count(*)::text from memberships where ended_at is null";
    for round in 1..=ROUNDS {
        let invited = format!("invite{round}@college.invalid");
        // What one address and one place may ask in a while is for another test.
        one.write("delete from throttled_tries where at > ?", 0)
            .await;
        head.invite(&invited, "member").await.must_be(200);
        let link = path_of(&link_of(&last_mail_to(&one, &invited).await));
        let arrive = async |demo: &Demo| {
            let browser = demo.browser();
            let invitation = browser.get(&link).await;
            let account = browser
                .press(&invitation, "Accepter l’invitation", &[])
                .await;
            (browser, account)
        };
        let (here, elsewhere) = tokio::join!(arrive(&one), arrive(&other));
        let accept = async |(browser, account): (Browser, Page), name: &str| {
            let email = format!("{name}{round}@college.invalid");
            create_account(&browser, &account, "Dominique", "Moreau", &email).await
        };
        let (here, elsewhere) = tokio::join!(accept(here, "ici"), accept(elsewhere, "ailleurs"));
        exactly_one(
            [&here, &elsewhere],
            |page| page.status == 200 && page.says("Conditions d’utilisation"),
            |page| page.status == 410 && page.says("Cette invitation a déjà servi"),
        );
        assert_eq!(count(one.database(), present).await, 1 + round);
    }
}

/// Somebody signed in, and the address that changes their own role.
struct Administrator {
    browser: Browser,
    home: Page,
    role: String,
}

impl Administrator {
    async fn becomes(&self, role: &str) -> Page {
        self.browser
            .post(&self.home, &self.role, &[("role", role)])
            .await
    }

    async fn names(&self, other: &Self) -> Page {
        self.browser
            .post(&self.home, &other.role, &[("role", "administrator")])
            .await
    }
}

#[tokio::test]
async fn of_two_administrators_who_step_down_at_once_one_stays() {
    let (one, other) = two().await;
    let head = Head::arrives(&one).await;
    head.invite(CLAIRE, "member").await;
    let (claire, home) = join(&one, CLAIRE, "Claire", "Petit").await;
    let team = head.at("/equipe").await;
    let claire_s = team.form("Nommer administrateur").unwrap().action;
    let named = head
        .browser
        .press(&team, "Nommer administrateur", &[])
        .await;
    let roles = named.attributes("form[action$='/role']", "action");
    let camille_s = roles.into_iter().find(|role| *role != claire_s).unwrap();
    let both = [
        Administrator {
            browser: head.browser,
            home: named,
            role: camille_s,
        },
        Administrator {
            browser: claire.at(other.address()),
            home,
            role: claire_s,
        },
    ];
    let administrators = "select count(*)::text from memberships \
                          where role = 'administrator' and ended_at is null";
    for _ in 0..ROUNDS {
        let (here, elsewhere) = tokio::join!(both[0].becomes("member"), both[1].becomes("member"));
        let member = exactly_one(
            [&here, &elsewhere],
            |page| page.says("Cette personne est maintenant membre"),
            |page| page.refuses("last_administrator"),
        );
        assert_eq!(count(one.database(), administrators).await, 1);
        both[1 - member]
            .names(&both[member])
            .await
            .must_say("Cette personne est maintenant administrateur");
    }
}

#[tokio::test]
async fn of_two_accounts_linked_to_a_student_at_once_one_is() {
    let (one, other) = two().await;
    let School { head, code } = school(&one).await;
    let pupil = somebody(&one, "Élève de la liste", 0).await;
    let again = somebody(&one, "après un changement d’ENT", 0).await;
    let (here, there) = (one.browser(), other.browser());
    enter(&here, &pupil).await;
    enter(&there, &again).await;
    let parcours = format!("/parcours/{code}");
    let comes = async |browser: &Browser, who: &Somebody| {
        let check = browser.get(&parcours).await;
        type_date(browser, &check, who.born.as_ref().unwrap()).await
    };
    let links = "select count(*)::text from student_links where ended_at is null";
    for _ in 0..ROUNDS {
        let (mine, theirs) = tokio::join!(comes(&here, &pupil), comes(&there, &again));
        exactly_one(
            [&mine, &theirs],
            |page| page.says("Tu es rattaché"),
            |page| page.form("Demander à mon enseignant").is_some(),
        );
        assert_eq!(count(one.database(), links).await, 1);
        let list = head.at("/eleves?rattachement=linked").await;
        let student = list.attributes("tbody th a", "href").remove(0);
        let student = head.browser.get(&student).await;
        head.browser
            .press(
                &student,
                "Défaire le rattachement",
                &[("reason", "Pour la manche suivante.")],
            )
            .await
            .must_say("Le rattachement est défait");
        one.write("delete from pupil_attempts where at > ?", 0)
            .await;
    }
}

/// What a load met.
#[derive(Default)]
struct Met {
    created: Vec<String>,
    statuses: Vec<u16>,
}

/// Reads the list and creates parcours, one after the other, until told to stop.
async fn load(browser: Browser, space: &str, name: &str, stop: &AtomicBool) -> Met {
    let mut met = Met::default();
    let new = format!("{space}/parcours/nouveau");
    let form = browser.get(&new).await;
    for number in 0.. {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let list = browser.get(&format!("{space}/eleves")).await;
        let title = format!("{name} {number}");
        let created = browser
            .press(&form, "Créer le parcours", &[("title", &title)])
            .await;
        for page in [&list, &created] {
            met.statuses.push(page.status);
            if page.status != 200 {
                page.must_be(503).must_refuse("unavailable");
            }
        }
        if created.status == 200 {
            created.must_say(&title);
            met.created.push(title);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    met
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_restarted_under_load_is_a_clear_503_and_the_service_comes_back() {
    let Some(binaries) = Binaries::found() else {
        assert!(
            std::env::var_os(URL_VARIABLE).is_some(),
            "no PostgreSQL: `cargo xtask test` provides one"
        );
        // The server that was named is not ours to restart.
        return;
    };
    let cluster = Cluster::start(&binaries).unwrap();
    let database = Database::on(cluster.url()).await;
    // What was answered must be kept, whatever the throwaway server's settings.
    let kept = "do $$ begin execute format('alter database %I set synchronous_commit to on', current_database()); end $$";
    database.open().await.run("", kept).await;
    let one = Demo::start_on(database, tempfile::tempdir().unwrap()).await;
    let other = one.another().await;
    let head = Head::arrives(&one).await;
    let export = head.browser.download("/demo/fichiers/premier").await;
    let choose = head.at("/eleves/importer").await;
    let stop = AtomicBool::new(false);
    let there = || head.browser.at(other.address());
    let restarted = async {
        tokio::time::sleep(Duration::from_millis(500)).await;
        let sent = there()
            .upload(&choose, IMPORT, "fichier", ZIP, export)
            .await;
        sent.must_be(200);
        tokio::task::block_in_place(|| cluster.stop().unwrap());
        let while_away = head.at("/eleves").await;
        while_away.must_be(503).must_refuse("unavailable");
        tokio::time::sleep(Duration::from_secs(3)).await;
        tokio::task::block_in_place(|| cluster.resume().unwrap());
        for demo in [&one, &other] {
            let end = Instant::now() + END_MAX;
            let browser = head.browser.at(demo.address());
            while browser.get(&head.space).await.status != 200 {
                assert!(Instant::now() < end, "the service does not come back");
                tokio::time::sleep(LOOK_EVERY).await;
            }
        }
        one.write("update imports set lease_until = lease_until - ?", LEASE)
            .await;
        let outcomes = outcomes(&there(), &head.space).await;
        stop.store(true, Ordering::Relaxed);
        outcomes
    };
    let (outcomes, mine, also, theirs) = tokio::join!(
        restarted,
        load(head.browser.at(one.address()), &head.space, "ici", &stop),
        load(head.browser.at(one.address()), &head.space, "encore", &stop),
        load(there(), &head.space, "ailleurs", &stop),
    );
    assert_eq!(outcomes, ["Appliqué"]);
    must_be_whole(
        &other,
        &Head {
            browser: there(),
            ..head
        },
    )
    .await;
    let kept = "select title from campaigns";
    let kept = one.database().open().await.rows("", kept).await;
    for met in [mine, also, theirs] {
        assert_eq!(met.statuses.last(), Some(&200));
        assert!(met.statuses.contains(&503), "it was not under load");
        for title in met.created {
            let times = kept.iter().filter(|other| **other == title).count();
            assert_eq!(times, 1, "« {title} » was answered");
        }
    }
    let told = "select count(*)::text from audit_entries where action like '%campaign_created%'";
    assert_eq!(count(one.database(), told).await, kept.len());
}
