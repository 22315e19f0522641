//! Clocks that jump, and mail servers that are down for days.

#![expect(clippy::unwrap_used, reason = "a journey that fails says so at once")]

#[path = "mail/server.rs"]
#[expect(dead_code, reason = "the journeys of mails use the rest")]
mod server;

use std::time::Duration;

use journeys::served::Served;
use pix_orga_demo::schools;
use server::MailServer;

const LOOKS_MAX: u32 = 200;
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// In microseconds.
const HOUR: i64 = 3_600 * 1_000_000;
const DAY: i64 = 24 * HOUR;

/// Runs a statement until it changes something.
async fn once_there(served: &Served, statement: &str, value: i64) -> u64 {
    for _ in 0..LOOKS_MAX {
        let changed = served.write(statement, value).await;
        if changed > 0 {
            return changed;
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    panic!("never: {statement}");
}

async fn retention(served: &Served, more: &[&str]) -> (i32, String, String) {
    served
        .command(&[&["retention", "run"], more].concat())
        .await
}

#[tokio::test]
async fn nothing_is_forgotten_while_the_time_is_in_doubt_until_an_operator_vouches_for_it() {
    // A second server joins: one SQLite file has one.
    let served = Served::start_on_postgres("").await;
    let shifted = "UPDATE daily_jobs SET done_at = done_at + ? WHERE done_at IS NOT NULL";
    for (shift, said) in [(-40 * DAY, "plus de 31 jours"), (2 * DAY, "est à venir")] {
        once_there(&served, shifted, shift).await;
        let (code, _, err) = retention(&served, &[]).await;
        assert_eq!(code, 1, "{err}");
        assert!(
            err.contains("Rien n'est effacé") && err.contains(said),
            "{err}"
        );
        assert!(err.contains("--confirm-clock"), "{err}");
        let (_, report, _) = served.command(&["doctor"]).await;
        assert!(report.contains("l'heure est douteuse"), "{report}");
        let (code, out, err) = retention(&served, &["--dry-run"]).await;
        assert_eq!(code, 0, "{out}{err}");

        // A server that starts meanwhile says it, in a figure and in its log.
        let (beside, _process) = served.beside_at().await;
        let doubted = "pix_orga_retention_doubted_total{doubt=";
        let mut figures = String::new();
        for _ in 0..LOOKS_MAX {
            figures = beside.get("/metrics").await.html;
            if figures.contains(doubted) {
                break;
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        assert!(figures.contains(doubted), "{figures}");

        let (code, _, err) = retention(&served, &["--confirm-clock"]).await;
        assert_eq!(code, 0, "{err}");
        let (code, _, err) = retention(&served, &[]).await;
        assert_eq!(code, 0, "{err}");
    }
}

/// Invites the first school by a server that is not there.
async fn invited_into_nowhere() -> (Served, std::net::SocketAddr) {
    let (section, address) = MailServer::nowhere_at();
    let served = Served::start(&section).await;
    invite(&served).await;
    (served, address)
}

async fn invite(served: &Served) {
    let uai = schools::all()[0].uai.to_string();
    for command in [
        vec!["schools", "confirm-address", &uai],
        vec!["schools", "invite", "--uai", &uai],
    ] {
        let (code, _, err) = served.command(&command).await;
        assert_eq!(code, 0, "{err}");
    }
}

#[tokio::test]
async fn an_invitation_waits_for_a_server_for_days_and_leaves_once_it_is_back() {
    let (served, address) = invited_into_nowhere().await;
    let first = "UPDATE outgoing_mails SET due_at = ? WHERE unreached = 1 AND delivery = 'queued'";
    once_there(&served, first, 0).await;
    // Days go by: as many attempts as a mail has, and more, found no server.
    let days = "UPDATE outgoing_mails SET attempts = attempts + 40, unreached = unreached + 40, due_at = ? \
                WHERE unreached = 2 AND delivery = 'queued'";
    once_there(&served, days, 0).await;
    let still =
        "UPDATE outgoing_mails SET due_at = due_at WHERE unreached > ? AND delivery = 'queued'";
    once_there(&served, still, 42).await;
    let post = MailServer::start_at(address);
    let again = "UPDATE outgoing_mails SET due_at = ? WHERE delivery = 'queued'";
    once_there(&served, again, 0).await;
    post.wait_for(&schools::all()[0].mail()).await;
}

#[tokio::test]
async fn a_clock_set_back_holds_no_mail() {
    let (section, address) = MailServer::nowhere_at();
    // A second server joins: one SQLite file has one.
    let served = Served::start_on_postgres(&section).await;
    invite(&served).await;
    let now = jiff::Timestamp::now().as_microsecond();
    let ahead = "UPDATE outgoing_mails SET due_at = ? WHERE unreached > 0 AND delivery = 'queued'";
    once_there(&served, ahead, now + 300 * DAY).await;
    served
        .write(
            "UPDATE recipient_domains SET receives_at = ?",
            now + 300 * DAY,
        )
        .await;
    let post = MailServer::start_at(address);
    let (_beside, _process) = served.beside_at().await;
    post.wait_for(&schools::all()[0].mail()).await;
}

#[tokio::test]
async fn those_whose_invitation_failed_are_invited_again_save_where_it_was_refused_for_good() {
    let post = MailServer::start();
    let served = Served::start(&post.section()).await;
    let [one, other] = [&schools::all()[0], &schools::all()[1]];
    served.loads(other).await;
    post.will_answer(&other.mail(), 550, "5.1.1 boite inconnue");
    for school in [one, other] {
        let uai = school.uai.to_string();
        for command in [
            vec!["schools", "confirm-address", &uai],
            vec!["schools", "invite", "--uai", &uai],
        ] {
            let (code, _, err) = served.command(&command).await;
            assert_eq!(code, 0, "{err}");
        }
    }
    post.wait_for(&one.mail()).await;
    let refused = "UPDATE outgoing_mails SET queued_at = queued_at - ? WHERE delivery = 'failed'";
    assert_eq!(once_there(&served, refused, HOUR).await, 1);
    // As if no server had been there for the time of the first one's link.
    let sent = "UPDATE outgoing_mails SET delivery = 'failed', queued_at = queued_at - ?, \
                failure = 'Le serveur d’envoi ne peut pas être joint' WHERE delivery = 'sent'";
    assert_eq!(once_there(&served, sent, HOUR).await, 1);
    served
        .write("UPDATE invitation_links SET sent_at = sent_at - ?", HOUR)
        .await;

    let (code, out, err) = served.command(&["schools", "invite", "--failed"]).await;
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("1 invitation de nouveau en route"), "{out}");
    assert!(out.contains("1 refusée pour de bon"), "{out}");
    for _ in 0..LOOKS_MAX {
        if post.taken_by(&one.mail()) == 2 {
            break;
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    assert_eq!(post.taken_by(&one.mail()), 2);
    assert_eq!(post.taken_by(&other.mail()), 0);
    let (_, out, _) = served.command(&["schools", "invite", "--failed"]).await;
    assert!(out.contains("0 invitation de nouveau en route"), "{out}");
}
