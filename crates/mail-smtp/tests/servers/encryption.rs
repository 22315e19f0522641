//! TLS from the first byte, STARTTLS, and who we are.

use pix_orga_domain::outbox::delivering::NextStep;
use pix_orga_mail_smtp::{Authentication, Encryption, SmtpSettings, TroubleKind};

use crate::certificate::Certificate;
use crate::house::{HEAD, House, put_off, sender, settings};
use crate::proxy::Proxy;
use crate::server::{MailServer, PASSWORD, USER};

fn encrypted(
    server: std::net::SocketAddr,
    encryption: Encryption,
    certificate: &Certificate,
) -> SmtpSettings {
    SmtpSettings {
        server: "localhost".to_owned(),
        encryption,
        authority: Some(certificate.pem.clone().into_bytes()),
        ..settings(server)
    }
}

fn authenticated(settings: SmtpSettings, password: &str) -> SmtpSettings {
    SmtpSettings {
        authentication: Some(Authentication {
            user: USER.to_owned(),
            password: password.to_owned(),
        }),
        ..settings
    }
}

#[tokio::test]
async fn a_server_that_wants_starttls_and_a_password_gets_both() {
    let certificate = Certificate::draw();
    let server = MailServer::start_encrypted(&certificate);
    let starttls = encrypted(server.address, Encryption::StartTls, &certificate);
    let house = House::sending(&authenticated(starttls, PASSWORD)).await;
    house.invite(HEAD).await;
    assert_eq!(house.deliver_one().await, NextStep::Sent);
    assert_eq!(server.authenticated(), 1);
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn a_wrong_password_loses_no_mail() {
    let certificate = Certificate::draw();
    let server = MailServer::start_encrypted(&certificate);
    let starttls = encrypted(server.address, Encryption::StartTls, &certificate);
    let wrong = authenticated(starttls.clone(), "un autre");
    let trouble = sender(&wrong).check().await.unwrap_err();
    assert_eq!(trouble.kind, TroubleKind::Authentication);

    let house = House::sending(&wrong).await;
    house.invite(HEAD).await;
    assert_eq!(
        put_off(house.deliver_one().await),
        "535 Invalid credentials"
    );

    let house = house.restarted(&authenticated(starttls.clone(), PASSWORD));
    house.wait_for_next().await;
    assert_eq!(house.deliver_one().await, NextStep::Sent);
    assert_eq!(server.received().len(), 1);

    let nobody = House::sending(&starttls).await;
    nobody.invite(HEAD).await;
    put_off(nobody.deliver_one().await);
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_gets_nothing() {
    let certificate = Certificate::draw();
    let server = MailServer::start_encrypted(&certificate);
    let mut untrusted = encrypted(server.address, Encryption::StartTls, &certificate);
    untrusted.authority = None;
    let untrusted = authenticated(untrusted, PASSWORD);
    let trouble = sender(&untrusted).check().await.unwrap_err();
    assert_eq!(
        trouble.kind,
        TroubleKind::Encryption,
        "{}",
        trouble.words.as_str()
    );
    let house = House::sending(&untrusted).await;
    house.invite(HEAD).await;
    let words = put_off(house.deliver_one().await);
    assert!(words.starts_with("La connexion chiffrée"), "{words}");
    assert_eq!((server.authenticated(), server.received().len()), (0, 0));
}

#[tokio::test]
async fn a_server_without_starttls_gets_nothing_when_it_is_required() {
    let certificate = Certificate::draw();
    let server = MailServer::start();
    let starttls = encrypted(server.address, Encryption::StartTls, &certificate);
    let house = House::sending(&authenticated(starttls, PASSWORD)).await;
    house.invite(HEAD).await;
    let words = put_off(house.deliver_one().await);
    assert!(words.starts_with("La connexion chiffrée"), "{words}");
    assert_eq!((server.authenticated(), server.received().len()), (0, 0));
}

#[tokio::test]
async fn tls_from_the_first_byte() {
    let certificate = Certificate::draw();
    let server = MailServer::start();
    let proxy = Proxy::with_tls(server.address, &certificate).await;
    let house = House::sending(&encrypted(proxy.address, Encryption::Tls, &certificate)).await;
    house.invite(HEAD).await;
    assert_eq!(house.deliver_one().await, NextStep::Sent);
    assert_eq!(server.received().len(), 1);

    let in_clear = House::sending(&encrypted(server.address, Encryption::Tls, &certificate)).await;
    in_clear.invite(HEAD).await;
    put_off(in_clear.deliver_one().await);
    assert_eq!(server.received().len(), 1);
}
