//! Clients that are slow, silent, too many, or gone: what they cost is theirs alone.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use journeys::people::Head;
use journeys::raw::{self, RawClient};
use journeys::served::Served;
use pix_orga_demo::schools;

/// Beyond the patience of every journey: such a limit never bites.
const NEVER: &str = "600";
const LOOKS_MAX: u32 = 600;
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// Half a form, which somebody promised to send whole.
const HALF_A_FORM: &str = "POST /connexion HTTP/1.1\r\nhost: a\r\n\
     content-type: application/x-www-form-urlencoded\r\ncontent-length: 1000\r\n\r\nemail=camille";
const HALF_A_HEAD: &str = "GET /connexion HTTP/1.1\r\nhost: a\r\naccept: text/";
const WHOLE: &str = "GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n";

/// A server whose clients have all the time, save what `limits` says.
async fn patient(limits: &[(&str, &str)]) -> Served {
    let mut section = "[limits]\n".to_owned();
    for key in [
        "head_seconds",
        "idle_seconds",
        "body_grace_seconds",
        "answer_grace_seconds",
    ] {
        let given = limits.iter().find(|(known, _)| *known == key);
        let value = given.map_or(NEVER, |(_, value)| value);
        let _ = writeln!(section, "{key} = {value}");
    }
    for key in ["connections_max", "stop_seconds", "request_seconds"] {
        if let Some((_, value)) = limits.iter().find(|(known, _)| *known == key) {
            let _ = writeln!(section, "{key} = {value}");
        }
    }
    Served::start(&section).await
}

async fn bites(served: &Served, limit: &str) -> u64 {
    let name = format!("pix_orga_http_limits_total{{limit=\"{limit}\"}}");
    served.figure(&name).await.expect("the limit has no figure")
}

async fn anonymous(served: &Served) -> journeys::Page {
    let mut client = RawClient::connect(&served.address()).await;
    client
        .say("GET /connexion HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")
        .await;
    raw::page(&client.heard().await)
}

/// Asks as somebody who is not signed in until the answer is this one.
async fn until_anonymous_is(served: &Served, status: u16) -> journeys::Page {
    for _ in 0..LOOKS_MAX {
        let page = anonymous(served).await;
        if page.status == status {
            return page;
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    panic!("nobody is ever answered {status}");
}

/// Half forms, as many as it takes until there is no room for one more. One that gave way as it came leaves its place to
/// the next, so that the last answer is the same twice.
async fn crowd(served: &Served) -> (Vec<RawClient>, journeys::Page) {
    let mut slow = Vec::new();
    let mut refused = 0;
    for _ in 0..LOOKS_MAX {
        let mut client = RawClient::connect(&served.address()).await;
        client.say(HALF_A_FORM).await;
        slow.push(client);
        let page = anonymous(served).await;
        refused = if page.status == 503 { refused + 1 } else { 0 };
        if refused == 2 {
            return (slow, page);
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    panic!("there is always room");
}

async fn head_of(served: &Served) -> Head {
    let link = served.invitation().await;
    Head::follows(served.browser(), &link, &schools::all()[0].mail()).await
}

#[tokio::test]
async fn half_a_head_is_not_waited_for_for_ever() {
    let served = patient(&[("head_seconds", "1")]).await;
    let mut client = RawClient::connect(&served.address()).await;
    client.say(HALF_A_HEAD).await;
    assert_eq!(client.heard().await, "");
    // Nor one that comes letter by letter.
    let mut client = RawClient::connect(&served.address()).await;
    client.say("GET /").await;
    let end = Instant::now() + Duration::from_secs(3);
    while Instant::now() < end {
        client.say("a").await;
        tokio::time::sleep(LOOK_EVERY).await;
    }
    assert_eq!(client.heard().await, "");
    assert_eq!(bites(&served, "head").await, 2);
}

#[tokio::test]
async fn half_a_body_is_a_clear_408() {
    let served = patient(&[("body_grace_seconds", "1")]).await;
    for drops in [0, 60] {
        let mut client = RawClient::connect(&served.address()).await;
        client.say(HALF_A_FORM).await;
        for _ in 0..drops {
            client.say("a").await;
            tokio::time::sleep(LOOK_EVERY).await;
        }
        let page = raw::page(&client.heard().await);
        page.must_be(408).must_refuse("too_slow");
        assert_eq!(page.header("connection"), "close");
    }
    assert_eq!(bites(&served, "body").await, 2);
    // Said once a minute, whatever the number.
    assert_eq!(served.log().matches("limit=\"body\"").count(), 1);
}

#[tokio::test]
async fn a_body_has_no_more_time_than_the_whole_request() {
    let served = patient(&[("request_seconds", "1")]).await;
    let mut client = RawClient::connect(&served.address()).await;
    client.say(HALF_A_FORM).await;
    let page = raw::page(&client.heard().await);
    page.must_be(408).must_refuse("too_slow");
}

#[tokio::test]
async fn a_connection_that_asks_nothing_is_closed() {
    let served = patient(&[("idle_seconds", "1")]).await;
    let mut client = RawClient::connect(&served.address()).await;
    client.say(WHOLE).await;
    client.hears("ok\n").await;
    assert_eq!(client.heard().await, "");
    let client = RawClient::connect(&served.address()).await;
    assert_eq!(client.heard().await, "");
    assert_eq!(bites(&served, "idle").await, 2);
}

#[tokio::test]
async fn an_answer_that_nobody_reads_is_given_up() {
    let served = patient(&[("answer_grace_seconds", "1")]).await;
    let mut client = RawClient::connect(&served.address()).await;
    let css = "GET /static/pix-orga.css HTTP/1.1\r\nhost: a\r\n\r\n";
    client.say_without_end(css).await;
    assert_eq!(bites(&served, "answer").await, 1);
}

#[tokio::test]
async fn beyond_the_bound_the_connection_that_waited_longest_gives_way() {
    let served = patient(&[("connections_max", "16")]).await;
    let mut idle = Vec::new();
    for turn in 0..60 {
        let mut client = RawClient::connect(&served.address()).await;
        client.say([WHOLE, HALF_A_HEAD, ""][turn % 3]).await;
        if turn % 3 == 0 {
            client.hears("ok\n").await;
        }
        idle.push(client);
    }
    served.browser().get("/connexion").await.must_be(200);
    let waited_longest = idle.remove(0);
    assert_eq!(waited_longest.heard().await, "");
    assert!(bites(&served, "connections").await >= 60 - 16);
    assert_eq!(
        served.figure("pix_orga_http_connections_max").await,
        Some(16)
    );
    assert!(served.figure("pix_orga_http_connections").await <= Some(16));
    assert_eq!(served.log().matches("limit=\"connections\"").count(), 1);
}

#[tokio::test]
async fn a_process_with_few_descriptors_serves_on_beyond_them() {
    let served = patient(&[]).await;
    let number = served.process_id().unwrap().to_string();
    // As if the machine allowed no more: those that are open already count.
    let most = std::process::Command::new("prlimit")
        .args(["--pid", &number, "--nofile=64:64"])
        .status();
    assert!(most.unwrap().success());
    let mut idle = Vec::new();
    for _ in 0..150 {
        idle.push(RawClient::connect(&served.address()).await);
    }
    served.browser().get("/connexion").await.must_be(200);
    served.browser().get("/healthz").await.must_be(200);
    assert!(bites(&served, "descriptors").await > 0);
}

#[tokio::test]
async fn slow_forms_leave_room_for_whoever_operates_and_is_signed_in() {
    let served = patient(&[("connections_max", "16")]).await;
    let head = head_of(&served).await;
    let (slow, page) = crowd(&served).await;
    page.must_refuse("overloaded");
    assert_eq!(page.header("retry-after"), "20");
    assert_eq!(page.header("connection"), "close");
    for path in ["/healthz", "/readyz", "/metrics"] {
        served.browser().get(path).await.must_be(200);
    }
    head.at("/eleves").await.must_be(200);
    // A cookie that was made up opens nothing.
    let mut stranger = RawClient::connect(&served.address()).await;
    stranger
        .say("GET /connexion HTTP/1.1\r\nhost: a\r\ncookie: session=0123456789abcdef\r\n\r\n")
        .await;
    raw::page(&stranger.heard().await).must_be(503);
    assert!(bites(&served, "anonymous").await > 0);
    // Once they are gone, nothing is left of them.
    drop(slow);
    until_anonymous_is(&served, 200).await;
}

#[tokio::test]
async fn whoever_is_refused_while_they_send_hears_why() {
    let served = patient(&[("connections_max", "16")]).await;
    let (_slow, _) = crowd(&served).await;
    let mut client = RawClient::connect(&served.address()).await;
    let length = 4 * 1024 * 1024;
    let head = format!("POST /connexion HTTP/1.1\r\nhost: a\r\ncontent-length: {length}\r\n\r\n");
    client.say(&head).await;
    client.say(&"a".repeat(length)).await;
    raw::page(&client.heard().await).must_be(503);
}

#[tokio::test]
async fn the_process_ends_within_its_grace_whatever_clients_do() {
    let mut served = patient(&[("stop_seconds", "2")]).await;
    let mut clients = Vec::new();
    for say in [HALF_A_HEAD, HALF_A_FORM, WHOLE, ""].repeat(3) {
        let mut client = RawClient::connect(&served.address()).await;
        client.say(say).await;
        clients.push(client);
    }
    let mut deaf = RawClient::connect(&served.address()).await;
    let css = "GET /static/pix-orga.css HTTP/1.1\r\nhost: a\r\n\r\n";
    let deaf = tokio::spawn(async move { deaf.say_without_end(css).await });
    // All are under way.
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(served.stop().await, Some(0));
    deaf.await.unwrap();
    let log = served.log();
    assert!(log.contains("stopped"), "{log}");
    assert!(log.contains("limit=\"stop\""), "{log}");
}

#[tokio::test]
async fn a_process_without_clients_at_work_ends_at_once_and_says_nothing() {
    let mut served = patient(&[("stop_seconds", "600")]).await;
    let mut idle = RawClient::connect(&served.address()).await;
    idle.say(WHOLE).await;
    idle.hears("ok\n").await;
    let mut half = RawClient::connect(&served.address()).await;
    half.say(HALF_A_HEAD).await;
    let silent = RawClient::connect(&served.address()).await;
    // Well before its grace, which is beyond the patience of this journey.
    assert_eq!(served.stop().await, Some(0));
    for client in [idle, half, silent] {
        assert_eq!(client.heard().await, "");
    }
    let log = served.log();
    assert!(!log.contains("a limit bit"), "{log}");
}

#[tokio::test]
async fn what_a_client_asked_before_it_left_is_done() {
    let served = patient(&[]).await;
    let head = head_of(&served).await;
    let form = head.at("/parcours/nouveau").await;
    let mut lock = served.database().open().await;
    lock.run(
        "begin immediate",
        "begin; lock table campaigns in exclusive mode",
    )
    .await;
    let browser = head.browser.clone();
    let asked = tokio::spawn(async move {
        let title = [("title", "Parti trop tôt")];
        browser.press(&form, "Créer le parcours", &title).await
    });
    // Its write waits for the lock when the client leaves.
    tokio::time::sleep(Duration::from_secs(1)).await;
    asked.abort();
    assert!(asked.await.is_err_and(|error| error.is_cancelled()));
    tokio::time::sleep(Duration::from_millis(300)).await;
    lock.run("rollback", "rollback").await;
    for _ in 0..LOOKS_MAX {
        if head.at("/parcours").await.says("Parti trop tôt") {
            return;
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    panic!("what was asked is never done");
}
