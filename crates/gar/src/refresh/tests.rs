//! What is taken at an address, and what differs.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::*;
use crate::testing::{address, key, metadata, rsa_certificate};

/// Answers every connection of this machine with one text. Its address.
async fn answers(answer: String) -> Url {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/idp/metadata", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 2048];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    Url::parse(&url).unwrap()
}

fn with_status(status: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}")
}

fn redirect(to: &str) -> String {
    format!(
        "HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    )
}

#[tokio::test]
async fn what_is_served_comes_as_it_is() {
    let url = answers(with_status("200 OK", "<é/>\r\n")).await;
    assert_eq!(fetch(&url).await.unwrap(), "<é/>\r\n");
    let moved = answers(redirect(url.as_str())).await;
    assert_eq!(fetch(&moved).await.unwrap(), "<é/>\r\n");
}

#[tokio::test]
async fn an_address_in_clear_is_refused_first_or_after_a_redirect() {
    for there in [
        "http://idp.example.invalid/m",
        "ftp://127.0.0.1/m",
        "file:///m",
    ] {
        let straight = fetch(&Url::parse(there).unwrap()).await;
        assert!(
            matches!(straight, Err(FetchTrouble::UnsafeAddress)),
            "{there}"
        );
    }
    let led = fetch(&answers(redirect("http://idp.example.invalid/m")).await).await;
    assert!(matches!(led, Err(FetchTrouble::UnsafeAddress)), "{led:?}");
}

#[tokio::test]
async fn what_is_no_metadata_is_named() {
    let missing = fetch(&answers(with_status("404 Not Found", "")).await).await;
    assert!(matches!(
        missing,
        Err(FetchTrouble::Status(StatusCode::NOT_FOUND))
    ));
    let endless = "x".repeat(METADATA_BYTES_MAX + 1);
    let endless = fetch(&answers(with_status("200 OK", &endless)).await).await;
    assert!(matches!(endless, Err(FetchTrouble::TooLong)));
    let nobody = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    let nobody = fetch(&Url::parse(&format!("http://{nobody}/")).unwrap()).await;
    assert!(matches!(nobody, Err(FetchTrouble::Unreachable(_))));
}

fn provider(certificates: &[&String], at: &str) -> IdentityProvider {
    let keys: String = certificates.iter().map(|one| key("", one)).collect();
    IdentityProvider::parse(&metadata(&format!("{keys}{}", address(at)))).unwrap()
}

#[test]
fn a_rotation_adds_then_removes_and_no_key_in_common_is_seen() {
    let [old, new] = ["old", "new"].map(|name| rsa_certificate(name, (2030, 1, 1)));
    let at = "https://idp.example.invalid/sso";
    let (before, during) = (provider(&[&old], at), provider(&[&old, &new], at));
    let after = provider(&[&new], at);
    assert!(Difference::between(&before, &before).is_empty());
    let first = Difference::between(&before, &during);
    assert_eq!(first.added, after.signing_certificates());
    assert!(first.removed.is_empty() && !first.replaces_every_key() && !first.is_empty());
    let second = Difference::between(&during, &after);
    assert_eq!(second.removed, before.signing_certificates());
    assert!(second.added.is_empty() && !second.replaces_every_key() && !second.is_empty());
    assert!(Difference::between(&before, &after).replaces_every_key());
}

#[test]
fn another_address_or_another_provider_is_said() {
    let one = rsa_certificate("one", (2030, 1, 1));
    let [before, after] = ["https://a.example.invalid/", "https://b.example.invalid/"];
    let moved = Difference::between(&provider(&[&one], before), &provider(&[&one], after));
    let (from, to) = moved.address.clone().unwrap();
    assert_eq!((from.as_str(), to.as_str()), (before, after));
    assert!(!moved.is_empty() && moved.entity_id.is_none());
    let xml = metadata(&format!("{}{}", key("", &one), address(before)));
    let other = xml.replace(
        "idp.example.invalid/idp/metadata",
        "other.example.invalid/m",
    );
    let other = IdentityProvider::parse(&other).unwrap();
    let changed = Difference::between(&provider(&[&one], before), &other);
    assert_eq!(
        changed.entity_id.unwrap().1,
        "https://other.example.invalid/m"
    );
}
