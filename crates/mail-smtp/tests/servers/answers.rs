//! What a server answers, and what follows.

use jiff::SignedDuration;
use pix_orga_domain::outbox::Delivery;
use pix_orga_domain::outbox::delivering::{ATTEMPTS_MAX, NextStep};
use pix_orga_mail_smtp::{Encryption, SettingsError, SmtpSender, SmtpSettings};
use pix_orga_testkit::fakes::PlainVault;

use crate::house::{HEAD, House, put_off, sender, settings};
use crate::proxy::{Mode, Proxy};
use crate::server::MailServer;

const COLLEAGUE: &str = "claire.petit@college.invalid";

#[tokio::test]
async fn a_mail_bears_who_sends_it_two_parts_and_its_own_id() {
    let server = MailServer::start();
    let house = House::sending(&settings(server.address)).await;
    let mail = house.invite(HEAD).await;
    assert_eq!(house.deliver_one().await, NextStep::Sent);

    let received = server.received();
    let [message] = received.as_slice() else {
        panic!("one message")
    };
    assert_eq!(message.from, "ne-pas-repondre@orga.invalid");
    assert_eq!(message.to, [HEAD]);
    for (name, value) in [
        ("From", "\"Pix Orga\" <ne-pas-repondre@orga.invalid>"),
        ("To", HEAD),
        ("Reply-To", "aide@orga.invalid"),
        ("Auto-Submitted", "auto-generated"),
        ("MIME-Version", "1.0"),
        ("Message-ID", &format!("<{}@orga.invalid>", mail.id)),
    ] {
        assert_eq!(message.header(name), value, "{name}");
    }
    let content_type = message.header("Content-Type");
    assert!(content_type.starts_with("multipart/alternative;"));
    assert_eq!(
        message
            .text
            .matches("Content-Type: text/plain; charset=utf-8")
            .count(),
        1
    );
    assert_eq!(
        message
            .text
            .matches("Content-Type: text/html; charset=utf-8")
            .count(),
        1
    );
    assert!(
        message
            .header("Date")
            .starts_with("Tue, 01 Sep 2026 08:00:00")
    );
    assert!(message.text.lines().all(|line| line.len() <= 998));
    assert!(message.text.is_ascii());

    let at = pix_orga_domain::clock::Clock::now(house.clock.as_ref());
    assert_eq!(house.delivery(&mail).await, Delivery::Sent { at });
    assert_eq!(house.look().await, None);
}

#[tokio::test]
async fn one_recipient_refused_for_good_holds_nobody_else() {
    let server = MailServer::start();
    server.will_answer(COLLEAGUE, &[(550, "5.1.1 boite inconnue")]);
    let house = House::sending(&settings(server.address)).await;
    let refused = house.invite(COLLEAGUE).await;
    let taken = house.invite(HEAD).await;
    house.deliver_all().await;
    let at = pix_orga_domain::clock::Clock::now(house.clock.as_ref());
    let reason = "550 5.1.1 boite inconnue".to_owned();
    assert_eq!(
        house.delivery(&refused).await,
        Delivery::Failed { at, reason }
    );
    assert_eq!(house.delivery(&taken).await, Delivery::Sent { at });
    let latest = house.stores.outbox.latest(10).await.unwrap();
    assert!(latest.iter().all(|(mail, _)| mail.token.is_none()));
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn a_mail_refused_for_now_leaves_later() {
    let server = MailServer::start();
    server.will_answer(HEAD, &[(451, "4.7.1 liste grise"), (450, "4.2.1 encore")]);
    let house = House::sending(&settings(server.address)).await;
    let mail = house.invite(HEAD).await;
    assert_eq!(put_off(house.deliver_one().await), "451 4.7.1 liste grise");
    let Delivery::Delayed {
        next_attempt_at,
        reason,
    } = house.delivery(&mail).await
    else {
        panic!("it waits")
    };
    assert_eq!(reason, "451 4.7.1 liste grise");
    assert_eq!(house.look().await, None);
    house.wait_for_next().await;
    assert_eq!(
        pix_orga_domain::clock::Clock::now(house.clock.as_ref()),
        next_attempt_at
    );
    assert_eq!(put_off(house.deliver_one().await), "450 4.2.1 encore");
    house.wait_for_next().await;
    assert_eq!(house.deliver_one().await, NextStep::Sent);
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn a_server_that_is_down_for_days_is_waited_for_as_long_as_the_link_is_of_use() {
    let server = MailServer::start();
    let proxy = Proxy::before(server.address).await;
    proxy.set(Mode::Refuse);
    let house = House::sending(&settings(proxy.address)).await;
    let mail = house.invite(HEAD).await;
    for _ in 0..4 * ATTEMPTS_MAX {
        put_off(house.deliver_one().await);
        house.wait_for_next().await;
    }
    let Delivery::Delayed { reason, .. } = house.delivery(&mail).await else {
        panic!("it waits")
    };
    assert!(reason.starts_with("Le serveur d’envoi"), "{reason}");
    proxy.set(Mode::Pass);
    assert_eq!(house.deliver_one().await, NextStep::Sent);
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn a_mail_whose_link_is_over_does_not_leave() {
    let server = MailServer::start();
    let house = House::sending(&settings(server.address)).await;
    let mail = house.invite(HEAD).await;
    house.clock.advance(SignedDuration::from_hours(31 * 24));
    house.deliver_all().await;
    let Delivery::Failed { reason, .. } = house.delivery(&mail).await else {
        panic!("it failed")
    };
    assert!(reason.contains("n’était plus valable"));
    assert_eq!(server.received(), []);
}

#[tokio::test]
async fn connections_are_kept_for_the_next_mails() {
    let server = MailServer::start();
    let proxy = crate::proxy::Proxy::before(server.address).await;
    let house = House::sending(&settings(proxy.address)).await;
    for _ in 0..10 {
        house.invite(HEAD).await;
        assert_eq!(house.deliver_one().await, NextStep::Sent);
        // A connection comes back to the pool on a task of its own.
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(server.received().len(), 10);
    assert!(proxy.connections() <= 5, "{}", proxy.connections());
}

#[test]
fn a_password_never_travels_in_the_clear() {
    let with_password = |server: &str, encryption| SmtpSettings {
        server: server.to_owned(),
        encryption,
        authentication: Some(pix_orga_mail_smtp::Authentication {
            user: "u".to_owned(),
            password: "p".to_owned(),
        }),
        ..settings("127.0.0.1:25".parse().unwrap())
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let _inside = runtime.enter();
    let made = |settings: &SmtpSettings| {
        let made = SmtpSender::new(settings, std::sync::Arc::new(PlainVault));
        made.map(|_| ())
    };
    let refused = Err(SettingsError::CleartextPassword);
    for server in ["smtp.example.org", "10.0.0.1", "localhost.example.org"] {
        let none = with_password(server, Encryption::None);
        assert_eq!(made(&none), refused, "{server}");
        assert_eq!(made(&with_password(server, Encryption::Tls)), Ok(()));
    }
    for server in ["localhost", "127.0.0.1", "::1"] {
        assert_eq!(made(&with_password(server, Encryption::None)), Ok(()));
    }
}

#[tokio::test]
async fn a_server_is_checked_without_a_mail() {
    let server = MailServer::start();
    assert_eq!(sender(&settings(server.address)).check().await, Ok(()));
    assert_eq!(server.received(), []);
}
