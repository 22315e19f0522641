//! What the network does, and what a process that dies leaves.

use std::time::Duration;

use pix_orga_domain::outbox::Delivery;
use pix_orga_domain::outbox::delivering::NextStep;
use pix_orga_mail_smtp::{COMMAND_MAX, Limits, MESSAGE_MAX, TroubleKind};

use crate::house::{HEAD, House, put_off, sender, settings};
use crate::proxy::{Mode, Proxy};
use crate::server::MailServer;

/// A server, a proxy before it in a mode, and a house that sends by it.
async fn through(mode: Mode) -> (MailServer, Proxy, House) {
    let server = MailServer::start();
    let proxy = Proxy::before(server.address).await;
    proxy.set(mode);
    let house = House::sending(&settings(proxy.address)).await;
    (server, proxy, house)
}

#[tokio::test]
async fn a_connection_that_is_refused_slow_or_cut_loses_no_mail_and_doubles_none() {
    for mode in [
        Mode::Refuse,
        Mode::Delay(Duration::from_mins(1)),
        Mode::CutAt("EHLO"),
        Mode::CutAt("MAIL FROM"),
        Mode::CutAt("RCPT TO"),
        Mode::CutAt("DATA"),
        Mode::CutAt("multipart/alternative"),
    ] {
        let (server, proxy, house) = through(mode).await;
        let mail = house.invite(HEAD).await;
        put_off(house.deliver_one().await);
        assert!(
            matches!(house.delivery(&mail).await, Delivery::Delayed { .. }),
            "{mode:?}"
        );
        assert_eq!(server.received(), [], "{mode:?}");
        proxy.set(Mode::Pass);
        house.wait_for_next().await;
        assert_eq!(house.deliver_one().await, NextStep::Sent, "{mode:?}");
        assert_eq!(server.received().len(), 1, "{mode:?}");
    }
}

#[tokio::test]
async fn a_slow_server_is_waited_for_within_the_time_of_an_attempt() {
    let (server, _proxy, house) = through(Mode::Delay(Duration::from_millis(300))).await;
    house.invite(HEAD).await;
    assert_eq!(house.deliver_one().await, NextStep::Sent);
    assert_eq!(server.received().len(), 1);
}

/// A server that filters a message for longer than it may take over a command: given up, it would be sent again.
#[tokio::test]
async fn a_server_may_think_over_a_message_longer_than_over_a_command() {
    let (command, thinks) = (Duration::from_secs(1), Duration::from_secs(3));
    let server = MailServer::start();
    server.will_think(thinks);
    let settings = settings(server.address);
    let patient = sender(&settings).limited(Limits {
        greeting: command,
        command,
        message: 10 * thinks,
    });
    let house = House::sending(&settings).await.by(patient);
    house.invite(HEAD).await;
    assert_eq!(house.deliver_one().await, NextStep::Sent);
    assert_eq!(server.received().len(), 1);
    let impatient = house.by(sender(&settings).within(command));
    impatient.invite(HEAD).await;
    put_off(impatient.deliver_one().await);
}

#[test]
fn a_message_is_given_the_ten_minutes_of_rfc_5321() {
    assert_eq!(MESSAGE_MAX, Duration::from_mins(10));
    assert!(COMMAND_MAX < MESSAGE_MAX);
}

#[tokio::test]
async fn a_server_that_says_nothing_is_told_from_one_that_refuses() {
    let (_, proxy, _) = through(Mode::Delay(Duration::from_mins(1))).await;
    let trouble = sender(&settings(proxy.address)).check().await.unwrap_err();
    assert_eq!(trouble.kind, TroubleKind::Unreachable);
    assert!(trouble.words.as_str().contains("à temps"));
}

#[tokio::test]
async fn an_answer_that_is_lost_gives_a_second_copy_with_the_same_id() {
    let (server, proxy, house) = through(Mode::CutTheAnswer).await;
    let mail = house.invite(HEAD).await;
    put_off(house.deliver_one().await);
    assert_eq!(server.received().len(), 1);
    proxy.set(Mode::Pass);
    house.wait_for_next().await;
    assert_eq!(house.deliver_one().await, NextStep::Sent);
    let ids: Vec<String> = server
        .received()
        .iter()
        .map(|one| one.header("Message-ID"))
        .collect();
    assert_eq!(ids, [(); 2].map(|()| format!("<{}@orga.invalid>", mail.id)));
}

#[tokio::test]
async fn a_process_that_dies_before_its_record_gives_a_second_copy_with_the_same_id_and_no_third() {
    let server = MailServer::start();
    let settings = settings(server.address);
    let house = House::sending(&settings).await;
    let mail = house.invite(HEAD).await;
    let claimed = house.look().await.unwrap();
    assert_eq!(house.deliveries.attempt(&claimed).await, NextStep::Sent);

    // Dies here: the server has the mail, the outbox does not know.
    let house = house.restarted(&settings);
    assert_eq!(house.look().await, None);
    house.leases_end();
    house.deliver_all().await;
    assert!(matches!(house.delivery(&mail).await, Delivery::Sent { .. }));
    house.leases_end();
    house.deliver_all().await;
    let ids: Vec<String> = server
        .received()
        .iter()
        .map(|one| one.header("Message-ID"))
        .collect();
    assert_eq!(ids, [(); 2].map(|()| format!("<{}@orga.invalid>", mail.id)));
}

#[tokio::test]
async fn a_process_that_dies_before_it_sends_leaves_its_mail_to_another() {
    let server = MailServer::start();
    let settings = settings(server.address);
    let house = House::sending(&settings).await;
    house.invite(HEAD).await;
    house.look().await.unwrap();
    let house = house.restarted(&settings);
    house.leases_end();
    house.deliver_all().await;
    house.leases_end();
    house.deliver_all().await;
    assert_eq!(server.received().len(), 1);
}
