//! What the database does to the product: slow while browsers leave, silent without closing, read-only, without room. The
//! service says so, and comes back by itself.

use std::pin::pin;
use std::time::{Duration, Instant};

use journeys::pause::{Pause, Point};
use journeys::people::Head;
use journeys::readiness::until_readiness_is;
use journeys::{Browser, Demo, Disk, Page, Proxy};

const ZIP: &str = "ExportXML_ElevesSansAdresses.zip";
/// How long a `BEGIN` takes to the slow database, and how long browsers wait before they leave.
const SLOW: Duration = Duration::from_millis(400);
const PATIENCE: Duration = Duration::from_millis(100);
/// Browsers that leave, and pages looked at then: more than there are connections.
const LEAVING: usize = 6;
const LOOKS: usize = 48;
/// Far more than any limit of the product.
const END_MAX: Duration = Duration::from_mins(2);
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// Every page of the list is served, over every connection there is.
async fn must_serve(browser: &Browser, space: &str) {
    let list = format!("{space}/eleves");
    for _ in 0..LOOKS {
        browser.get(&list).await.must_be(200);
    }
}

/// The page that is asked for is served in the end.
async fn until_served(browser: &Browser, path: &str) {
    let end = Instant::now() + END_MAX;
    while browser.get(path).await.status != 200 {
        assert!(Instant::now() < end, "{path} is not served");
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

#[tokio::test]
async fn browsers_that_leave_while_the_database_is_slow_leave_nothing_behind() {
    let (demo, proxy) = Demo::start_behind_a_proxy().await;
    let head = Head::arrives(&demo).await;
    for _ in 0..3 {
        proxy.hold_begin(SLOW);
        for _ in 0..LEAVING {
            let leaving = head.browser.at(demo.address());
            let (read, write) = (format!("{}/eleves", head.space), head.space.clone());
            let _ = tokio::time::timeout(PATIENCE, leaving.get(&read)).await;
            let _ = tokio::time::timeout(PATIENCE, leaving.get(&write)).await;
        }
        proxy.hold_begin(Duration::ZERO);
        until_readiness_is(&demo, 200, "ok").await;
        must_serve(&head.browser, &head.space).await;
    }
    let open = "select count(*)::text from pg_stat_activity where datname = current_database() \
                and pid <> pg_backend_pid() and state like 'idle in transaction%'";
    let mut beside = demo.database().open().await;
    let end = Instant::now() + END_MAX;
    while beside.rows("", open).await != ["0"] {
        assert!(Instant::now() < end, "a transaction stays open");
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// An import that the database holds at its first step, behind a proxy that then falls silent.
async fn silent_in_an_import(demo: &Demo, proxy: &Proxy, head: &Head) {
    let export = head.browser.download("/demo/fichiers/premier").await;
    let point = Point::at("before update on imports for each row when (new.state = 'checked')");
    let mut pause = Pause::at(demo.database(), &point).await;
    let mut sent = pin!(head.import(ZIP, export));
    tokio::select! {
        page = &mut sent => panic!("it was not held: {}", page.text()),
        () = pause.reached() => {}
    }
    proxy.fall_silent();
    pause.release().await;
}

#[tokio::test]
async fn a_database_that_falls_silent_is_told_and_its_import_is_taken_up_when_it_speaks() {
    let (mut demo, proxy) = Demo::start_behind_a_proxy().await;
    let head = Head::arrives(&demo).await;
    silent_in_an_import(&demo, &proxy, &head).await;
    until_readiness_is(&demo, 503, "database_unreachable").await;
    let alive = reqwest::get(format!("{}/healthz", demo.address())).await;
    assert_eq!(alive.unwrap().status(), 200);
    let end = Instant::now() + END_MAX;
    while !demo.log().contains("it is given up") {
        assert!(
            Instant::now() < end,
            "the import is held for ever:\n{}",
            demo.log()
        );
        tokio::time::sleep(LOOK_EVERY).await;
    }
    proxy.speak();
    until_readiness_is(&demo, 200, "ok").await;
    until_served(&head.browser, &format!("{}/eleves", head.space)).await;
    let mut beside = demo.database().open().await;
    let imports = "select (body::jsonb -> 'state' ->> 'state') from imports";
    let end = Instant::now() + END_MAX;
    while beside.rows("", imports).await != ["written"] {
        assert!(
            Instant::now() < end,
            "{:?}\n{}",
            beside.rows("", imports).await,
            demo.log()
        );
        tokio::time::sleep(LOOK_EVERY).await;
    }
    let counted = "select (attempts - excused)::text from imports";
    assert_eq!(beside.rows("", counted).await, ["1"], "{}", demo.log());
    let history = head.at("/eleves/imports").await;
    history.must_say("Appliqué");
    // Silent again: it ends all the same.
    proxy.fall_silent();
    until_readiness_is(&demo, 503, "database_unreachable").await;
    assert!(demo.stop().await.success());
}

#[tokio::test]
async fn a_database_that_only_reads_is_told_and_its_connections_are_not_kept() {
    let demo = Demo::start_on_postgres().await;
    let head = Head::arrives(&demo).await;
    let mut beside = demo.database().open().await;
    let only_reads = |yes: &str| {
        format!(
            "do $$ begin execute format('alter database %I set default_transaction_read_only to {yes}', \
             current_database()); end $$"
        )
    };
    let cut = "select pg_terminate_backend(pid) from pg_stat_activity \
               where datname = current_database() and pid <> pg_backend_pid()";
    beside.run("", &only_reads("on")).await;
    beside.run("", cut).await;
    until_readiness_is(&demo, 503, "database_read_only").await;
    beside.run("", &only_reads("off")).await;
    // Nobody cuts anything: what was connected to the read-only one was not kept.
    until_readiness_is(&demo, 200, "ok").await;
    must_serve(&head.browser, &head.space).await;
    head.invite("claire@college.invalid", "member")
        .await
        .must_be(200);
}

/// Writes something: a parcours of that name.
async fn creates(head: &Head, form: &Page, title: &str) -> Page {
    head.browser
        .press(form, "Créer le parcours", &[("title", title)])
        .await
}

/// No room, then room again.
async fn without_room(disk: Disk) {
    let demo = Demo::start_on_disk(&disk).await;
    let head = Head::arrives(&demo).await;
    let form = head.at("/parcours/nouveau").await;
    let process = demo.process_id().expect("it runs");
    for turn in 0..3 {
        disk.fill(process);
        // Small writes may still find a place in the files as they are.
        let end = Instant::now() + END_MAX;
        let refused = loop {
            let created = creates(&head, &form, &format!("Plein {turn}")).await;
            if created.status != 200 {
                break created;
            }
            assert!(Instant::now() < end, "it is never full");
        };
        refused.must_be(503).must_refuse("unavailable");
        until_readiness_is(&demo, 503, "database_failing").await;
        // What is there is still read.
        head.at("/equipe").await.must_be(200).must_say("Membres");
        disk.make_room(process);
        until_readiness_is(&demo, 200, "ok").await;
        let title = format!("Après {turn}");
        let created = creates(&head, &form, &title).await;
        created.must_be(200).must_say(&title);
        must_serve(&head.browser, &head.space).await;
    }
}

#[tokio::test]
async fn a_full_disk_is_survived_without_a_restart() {
    // Whoever may not mount has the quota's journey alone, and reads so.
    let disk = Disk::system().unwrap_or_else(|| {
        println!("no file system can be mounted here: a quota stands in for it");
        Disk::quota()
    });
    without_room(disk).await;
}

#[tokio::test]
async fn a_quota_that_is_reached_is_survived_without_a_restart() {
    without_room(Disk::quota()).await;
}
