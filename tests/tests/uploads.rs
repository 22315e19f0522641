//! Files that many schools send at once, and that some never end to send.

use std::time::Duration;

use journeys::Page;
use journeys::people::Head;
use journeys::raw::{self, RawClient};
use journeys::served::Served;
use pix_orga_demo::schools;

const LOOKS_MAX: u32 = 600;
const LOOK_EVERY: Duration = Duration::from_millis(50);
const MIB: usize = 1024 * 1024;
/// Uploads that one process receives at once.
const AT_ONCE: usize = 16;
const BOUNDARY: &str = "limite";

/// The head of each of the first schools.
async fn heads(served: &Served, count: usize) -> Vec<Head> {
    let mut heads = Vec::new();
    for (number, school) in schools::all()[..count].iter().enumerate() {
        let link = match number {
            0 => served.invitation().await,
            _ => served.invitation_of_another(school).await,
        };
        heads.push(Head::follows(served.browser(), &link, &school.mail()).await);
    }
    heads
}

/// What announces an upload of this many bytes of file, and what ends it.
async fn upload(head: &Head, bytes: usize) -> (String, String) {
    let choose = head.at("/eleves/importer").await;
    let token = choose.attributes("input[name=csrf]", "value").remove(0);
    let start = format!(
        "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"csrf\"\r\n\r\n{token}\r\n\
         --{BOUNDARY}\r\ncontent-disposition: form-data; name=\"fichier\"; filename=\"a.xml\"\r\n\r\n"
    );
    let end = format!("\r\n--{BOUNDARY}--\r\n");
    let head = format!(
        "POST {}/eleves/importer HTTP/1.1\r\nhost: a\r\ncookie: {}\r\nconnection: close\r\n\
         content-type: multipart/form-data; boundary={BOUNDARY}\r\ncontent-length: {}\r\n\r\n",
        head.space,
        head.browser.cookies(),
        start.len() + bytes + end.len()
    );
    (head + &start, end)
}

/// An upload of which only a part is ever sent, until it is dropped.
async fn half_an_upload(served: &Served, head: &Head, sent: usize, whole: usize) -> RawClient {
    let (start, _) = upload(head, whole).await;
    let mut client = RawClient::connect(&served.address()).await;
    client.say(&start).await;
    client.say(&" ".repeat(sent)).await;
    client
}

/// What an upload is answered that announces much and sends nothing of it.
async fn announced(served: &Served, head: &Head) -> Page {
    let (start, _) = upload(head, 60 * MIB).await;
    let mut client = RawClient::connect(&served.address()).await;
    client.say(&start).await;
    raw::page(&client.heard().await)
}

async fn until_received(served: &Served, heads: &[Head]) {
    for _ in 0..LOOKS_MAX {
        let mut all = true;
        for head in heads {
            all &= announced(served, head).await.refuses("import_in_progress");
        }
        if all {
            return;
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    panic!("the server never begins to receive");
}

#[tokio::test]
async fn an_upload_is_refused_before_it_is_received_while_an_import_runs() {
    let served = Served::start("").await;
    let head = heads(&served, 1).await.remove(0);
    head.import("rien.xml", b"<rien/>".to_vec())
        .await
        .must_be(200);
    // Taken up again by a worker that holds it for ever.
    let running = "UPDATE imports SET state = 'received', lease_until = ?, \
                   body = replace(body, '\"state\":{\"state\":\"refused\"', '\"state\":{\"state\":\"received\"')";
    assert_eq!(served.write(running, i64::MAX).await, 1);
    let page = announced(&served, &head).await;
    page.must_be(409).must_refuse("import_in_progress");
    assert_eq!(page.header("connection"), "close");
}

#[tokio::test]
async fn a_school_sends_one_file_at_once() {
    let served = Served::start("").await;
    let head = heads(&served, 1).await.remove(0);
    let half = half_an_upload(&served, &head, MIB, 60 * MIB).await;
    until_received(&served, std::slice::from_ref(&head)).await;
    drop(half);
    // The school is free again as soon as the broken upload is seen.
    for _ in 0..LOOKS_MAX {
        let page = head.import("rien.xml", b"<rien/>".to_vec()).await;
        if !page.refuses("import_in_progress") {
            page.must_be(200)
                .must_say("Ce n’est pas un export de SIECLE");
            return;
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    panic!("the school can never send again");
}

#[tokio::test]
async fn what_is_being_received_is_not_in_memory() {
    let served = Served::start("").await;
    let heads = heads(&served, 8).await;
    let before = served.memory();
    let mut halves = Vec::new();
    for head in &heads {
        halves.push(half_an_upload(&served, head, 40 * MIB, 60 * MIB).await);
    }
    until_received(&served, &heads).await;
    let grown = served.memory().saturating_sub(before);
    // Held whole, they would take 320 MiB.
    assert!(grown < 64 * MIB as u64, "{} MiB", grown / MIB as u64);
    drop(halves);
}

#[tokio::test]
async fn beyond_the_places_schools_are_told_to_try_again() {
    let served = Served::start("").await;
    let mut heads = heads(&served, AT_ONCE + 1).await;
    let last = heads.pop().expect("a head");
    let mut halves = Vec::new();
    for head in &heads {
        halves.push(half_an_upload(&served, head, 1, 60 * MIB).await);
    }
    until_received(&served, &heads).await;
    let page = announced(&served, &last).await;
    page.must_be(503).must_refuse("uploads_full");
    assert_eq!(page.header("retry-after"), "60");
    drop(halves);
    for _ in 0..LOOKS_MAX {
        let page = last.import("rien.xml", b"<rien/>".to_vec()).await;
        if !page.refuses("uploads_full") {
            page.must_be(200)
                .must_say("Ce n’est pas un export de SIECLE");
            return;
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    panic!("there is never room again");
}

#[tokio::test]
async fn eight_schools_at_once_are_all_answered() {
    let served = Served::start("").await;
    let heads = heads(&served, 8).await;
    let mut sending = tokio::task::JoinSet::new();
    for head in heads {
        let address = served.address();
        sending.spawn(async move {
            let (start, end) = upload(&head, 20 * MIB).await;
            let mut client = RawClient::connect(&address).await;
            client.say(&start).await;
            client.say(&" ".repeat(20 * MIB)).await;
            client.say(&end).await;
            raw::page(&client.heard().await)
        });
    }
    let pages = sending.join_all().await;
    assert_eq!(pages.len(), 8);
    for page in pages {
        page.must_be(303);
    }
}

#[tokio::test]
async fn a_queued_import_is_told_its_place() {
    let served = Served::start("").await;
    let heads = heads(&served, 4).await;
    for head in &heads {
        head.import("rien.xml", b"<rien/>".to_vec())
            .await
            .must_be(200);
    }
    // None was ever taken up, and nobody will.
    let queued = "UPDATE imports SET state = 'received', attempts = 0, lease_until = ?, \
                  body = replace(body, '\"state\":{\"state\":\"refused\"', '\"state\":{\"state\":\"received\"')";
    assert_eq!(served.write(queued, i64::MAX).await, 4);
    let last = &heads[3];
    let history = last.at("/eleves/imports").await;
    let link = history.attributes("tbody a", "href").remove(0);
    let mut client = RawClient::connect(&served.address()).await;
    client
        .say(&format!(
            "GET {link} HTTP/1.1\r\nhost: a\r\ncookie: {}\r\nconnection: close\r\n\r\n",
            last.browser.cookies()
        ))
        .await;
    let page = client.hears("3 imports passent avant le vôtre").await;
    assert!(page.contains("Import en attente</h1>"), "{page}");
    // One is over, which the page says by itself.
    let over = "UPDATE imports SET state = 'refused', \
                body = replace(body, '\"state\":{\"state\":\"received\"', '\"state\":{\"state\":\"refused\"') \
                WHERE received_at = (SELECT min(received_at) FROM imports) AND lease_until = ?";
    assert_eq!(served.write(over, i64::MAX).await, 1);
    client.hears("2 imports passent avant le vôtre").await;
    // Nothing more happens: a proxy must not think that we are gone.
    client.hears("<!-- en cours -->").await;
    client.hears("<!-- en cours -->").await;
}
