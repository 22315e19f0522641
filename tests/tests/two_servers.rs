//! Two servers of PostgreSQL in one address, a primary and a standby that is promoted: the service goes on with the one
//! that takes writes, and nobody restarts it.

use std::time::{Duration, Instant};

use journeys::people::Head;
use journeys::readiness::{readiness, until_readiness_is};
use journeys::{Configured, Database, Demo, Pair, Proxy};

const READ_ONLY: &str = "il n’accepte pas d’écritures";
/// Far more than any limit of the product.
const END_MAX: Duration = Duration::from_mins(2);
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// More than there are connections.
const LOOKS: usize = 48;

/// Pages are read, over every connection there is, and somebody is invited.
async fn must_serve(head: &Head, colleague: &str) {
    for _ in 0..LOOKS {
        let list = format!("{}/eleves", head.space);
        head.browser.get(&list).await.must_be(200);
    }
    let invited = head.invite(colleague, "member").await;
    invited.must_be(200).must_say(colleague);
}

#[tokio::test]
async fn the_service_goes_on_with_the_standby_that_is_promoted() {
    let pair = Pair::start().await;
    let mut demo = Demo::start_on_several(Pair::address(&pair.primary, &pair.standby)).await;
    let head = Head::arrives(&demo).await;
    must_serve(&head, "avant@college.invalid").await;
    pair.must_follow().await;
    pair.primary.stop().unwrap();
    // One answers, and takes no writes yet.
    until_readiness_is(&demo, 503, "database_read_only").await;
    pair.standby.promote().unwrap();
    until_readiness_is(&demo, 200, "ok").await;
    head.at("/equipe").await.must_say("avant@college.invalid");
    must_serve(&head, "apres@college.invalid").await;
    let log = demo.log();
    assert!(log.contains("place=2 of=2"), "{log}");
    // It started with the second alone, as it would after a night.
    demo.kill_and_restart().await;
    until_readiness_is(&demo, 200, "ok").await;
    assert!(demo.stop().await.success());
}

#[tokio::test]
async fn connections_to_a_primary_that_fell_silent_are_closed_and_it_is_not_used_again() {
    let pair = Pair::start().await;
    let first = Proxy::before_server(&pair.primary.url()).await;
    let second = Proxy::before_server(&pair.standby.url()).await;
    let places = format!("{},{}", first.place(), second.place());
    let demo = Demo::start_on_several(Pair::address_at(&places)).await;
    let head = Head::arrives(&demo).await;
    pair.must_follow().await;
    first.fall_silent();
    let end = Instant::now() + END_MAX;
    while readiness(&demo).await.0 != 503 {
        assert!(Instant::now() < end, "it stays ready");
        tokio::time::sleep(LOOK_EVERY).await;
    }
    pair.standby.promote().unwrap();
    until_readiness_is(&demo, 200, "ok").await;
    must_serve(&head, "apres@college.invalid").await;
    // The former one speaks again, and would take writes that nobody else sees.
    first.speak();
    let end = Instant::now() + END_MAX;
    while Pair::connections(&pair.primary).await > 0 {
        assert!(
            Instant::now() < end,
            "connections to it stay open:\n{}",
            demo.log()
        );
        tokio::time::sleep(LOOK_EVERY).await;
    }
    must_serve(&head, "ensuite@college.invalid").await;
    assert_eq!(Pair::connections(&pair.primary).await, 0);
    let log = demo.log();
    assert!(!log.contains("motsecret"), "{log}");
}

#[tokio::test]
async fn connections_that_still_write_to_the_former_server_are_closed() {
    let pair = Pair::start().await;
    let demo = Demo::start_on_several(Pair::address(&pair.primary, &pair.standby)).await;
    let head = Head::arrives(&demo).await;
    let (list, home) = (format!("{}/eleves", head.space), head.space.as_str());
    for _ in 0..LOOKS {
        tokio::join!(
            head.browser.get(&list),
            head.browser.get(home),
            head.browser.get(&list)
        );
    }
    assert!(Pair::connections(&pair.primary).await > 1);
    pair.must_follow().await;
    pair.standby.promote().unwrap();
    pair.turn_away_from_the_primary().await;
    let end = Instant::now() + END_MAX;
    while Pair::connections(&pair.primary).await > 0 {
        assert!(
            Instant::now() < end,
            "connections stay open:\n{}",
            demo.log()
        );
        tokio::time::sleep(LOOK_EVERY).await;
    }
    until_readiness_is(&demo, 200, "ok").await;
    must_serve(&head, "apres@college.invalid").await;
    assert_eq!(Pair::connections(&pair.primary).await, 0);
}

#[tokio::test]
async fn the_first_that_takes_writes_is_used_and_told_by_its_place() {
    let pair = Pair::start().await;
    let first = Proxy::before_server(&pair.standby.url()).await;
    let second = Proxy::before_server(&pair.primary.url()).await;
    let places = format!("{},{}", first.place(), second.place());
    let url = Pair::address_at(&places);
    let folder = tempfile::tempdir().unwrap();
    let product = Configured::on(folder, Database::Elsewhere { url }, "");
    let (code, _, err) = product.run(&["migrate"]).await;
    assert_eq!(code, 0, "{err}");
    let (_, said, err) = product.run(&["doctor"]).await;
    assert!(
        said.contains("Le serveur PostgreSQL en service est le 2 sur 2 de database_url."),
        "{said}{err}"
    );
    assert!(!said.contains("motsecret") && !err.contains("motsecret"));
    let (code, shown, err) = product.run(&["config", "show"]).await;
    assert_eq!(code, 0, "{err}");
    let expected = format!("postgres://postgres:xxx@{places}/");
    assert!(shown.contains(&expected), "{shown}");
    assert!(!shown.contains("motsecret"), "{shown}");
}

#[tokio::test]
async fn standbys_alone_are_refused() {
    let pair = Pair::start().await;
    let one = Pair::address_on(&pair.standby);
    let twice = Pair::address(&pair.standby, &pair.standby);
    for url in [one, twice] {
        let folder = tempfile::tempdir().unwrap();
        let product = Configured::on(folder, Database::Elsewhere { url }, "");
        for command in ["migrate", "serve"] {
            let (code, _, err) = product.run(&[command]).await;
            assert_ne!(code, 0, "{command}");
            assert!(err.contains(READ_ONLY), "{command}: {err}");
        }
    }
}

#[tokio::test]
async fn lists_of_servers_that_cannot_be_meant_are_refused_by_their_key() {
    for (hosts, query, wanted) in [
        ("pg1,", "", "le nom de chaque serveur"),
        ("pg1,pg 2", "", "des noms de serveurs"),
        ("pg1:0,pg2", "", "un port de 1 à 65535"),
        ("pg1,pg2,pg3", "port=1,2", "un port pour tous"),
        ("a,b,c,d,e,f,g,h,i", "", "8 serveurs"),
        ("pg1,pg2", "hostaddr=127.0.0.1", "sans hostaddr"),
        (
            "pg1,pg2",
            "target_session_attrs=any",
            "target_session_attrs",
        ),
    ] {
        let url = format!("postgres://pix:motsecret@{hosts}/orga?{query}");
        let folder = tempfile::tempdir().unwrap();
        let product = Configured::on(folder, Database::Elsewhere { url }, "");
        let (code, _, err) = product.run(&["config", "show"]).await;
        assert_ne!(code, 0);
        assert!(
            err.contains("database_url") && err.contains(wanted),
            "{err}"
        );
        assert!(!err.contains("motsecret"), "{err}");
    }
}
