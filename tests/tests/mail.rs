//! Mails that really leave, and what the program says of the server that takes them.
#![expect(clippy::unwrap_used, reason = "a journey that fails says so at once")]

#[path = "mail/server.rs"]
mod server;

use std::collections::{HashMap, HashSet};
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;

use journeys::Page;
use journeys::people::Head;
use journeys::served::Served;
use pix_orga_demo::schools;
use serde_json::Value;
use server::{MailServer, link_in};

const CLAIRE: &str = "claire.petit@college.invalid";
/// What the killed process may have been sending: it may have died between the server's answer and its record.
const SENDINGS_MAX: usize = 8;
const LOOKS_MAX: u32 = 200;
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// A server that sends by this one, and the head of its school, who followed the link that arrived.
async fn arrives(post: &MailServer) -> (Served, Head) {
    arrives_at(post, Served::start(&post.section()).await).await
}

async fn arrives_at(post: &MailServer, served: Served) -> (Served, Head) {
    let school = &schools::all()[0];
    let uai = school.uai.to_string();
    for command in [
        vec!["schools", "confirm-address", &uai],
        vec!["schools", "invite", "--uai", &uai],
    ] {
        let (code, _, err) = served.command(&command).await;
        assert_eq!(code, 0, "{err}");
    }
    let invitation = post.wait_for(&school.mail()).await;
    assert!(
        invitation.contains("Subject: Invitation Pix Orga"),
        "{invitation}"
    );
    let head = Head::follows(served.browser(), &link_in(&invitation), &school.mail()).await;
    (served, head)
}

/// The team's page, once it says all of this.
async fn team_saying(head: &Head, all: &[&str]) -> Page {
    let mut page = head.at("/equipe").await;
    for _ in 0..LOOKS_MAX {
        if all.iter().all(|what| page.says(what)) {
            return page;
        }
        tokio::time::sleep(LOOK_EVERY).await;
        page = head.at("/equipe").await;
    }
    panic!("the team's page never says {all:?}:\n{}", page.text());
}

#[tokio::test]
async fn invitations_leave_and_the_team_reads_what_became_of_them() {
    let post = MailServer::start();
    let (served, head) = arrives(&post).await;
    post.will_answer("partie@college.invalid", 550, "5.1.1 boite inconnue");
    post.will_answer("grise@college.invalid", 451, "4.7.1 liste grise");
    let addresses = format!("{CLAIRE}, partie@college.invalid, grise@college.invalid");
    head.invite(&addresses, "member").await;
    let said = [
        "Envoyé",
        "Non remis",
        "550 5.1.1 boite inconnue",
        "Remis à plus tard",
        "451 4.7.1 liste grise",
    ];
    team_saying(&head, &said).await;

    let first = post.wait_for(CLAIRE).await;
    let joined = Head::follows(served.browser(), &link_in(&first), CLAIRE).await;
    assert_eq!(joined.space, head.space);
    assert_eq!(post.taken_by(CLAIRE), 1);
}

#[tokio::test]
async fn a_hundred_invitations_leave_while_one_of_two_processes_is_killed() {
    let post = MailServer::start();
    let served = Served::start_on_postgres(&post.section()).await;
    let (served, head) = arrives_at(&post, served).await;
    let mut beside = served.beside().await;
    let before = post.taken();
    let invited: HashSet<String> = (0..100)
        .map(|number| format!("collegue{number}@domaine{}.invalid", number % 4))
        .collect();
    let pasted: Vec<&str> = invited.iter().map(String::as_str).collect();
    let pasted = pasted.join("\n");
    let inviting = head.invite(&pasted, "member");
    let killing = async {
        while post.taken() < before + 20 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        beside.kill().await.unwrap();
    };
    tokio::join!(inviting, killing);

    // What the dead process held is taken over once its lease is over.
    let mut copies: HashMap<String, Vec<String>> = HashMap::new();
    for _ in 0..2 * LOOKS_MAX {
        copies.clear();
        for (to, id) in post
            .ids()
            .into_iter()
            .filter(|(to, _)| invited.contains(to))
        {
            copies.entry(to).or_default().push(id);
        }
        if copies.len() == invited.len() {
            break;
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    assert_eq!(copies.len(), invited.len(), "somebody was missed");
    let ids: HashSet<&String> = copies.values().flatten().collect();
    assert_eq!(
        ids.len(),
        invited.len(),
        "one Message-ID for each, second copies included"
    );
    let second = copies.values().map(Vec::len).sum::<usize>() - invited.len();
    assert!(second <= SENDINGS_MAX, "{second} second copies");
}

fn check<'a>(report: &'a Value, name: &str) -> &'a Value {
    let checks = report["checks"].as_array().unwrap();
    let found = checks.iter().find(|check| check["name"] == name);
    found.unwrap_or_else(|| panic!("no {name} in {report}"))
}

async fn doctor(served: &Served) -> (i32, Value) {
    let (code, out, err) = served.command(&["doctor", "--format", "json"]).await;
    (
        code,
        serde_json::from_str(&out).unwrap_or_else(|_| panic!("{out}{err}")),
    )
}

#[tokio::test]
async fn the_doctor_says_what_to_mend_and_that_it_is_mended() {
    let post = MailServer::start();
    let served = Served::start(&post.section()).await;
    let (code, report) = doctor(&served).await;
    assert_eq!((code, &report["ok"]), (1, &Value::Bool(false)), "{report}");
    let open = check(&report, "secret_files");
    assert_eq!(open["state"], "failed");
    let key = open["mend"]
        .as_str()
        .unwrap()
        .strip_prefix("chmod 600 ")
        .unwrap();
    std::fs::set_permissions(key, Permissions::from_mode(0o600)).unwrap();

    let (code, report) = doctor(&served).await;
    assert_eq!((code, &report["ok"]), (0, &Value::Bool(true)), "{report}");
    for name in [
        "secret_key",
        "terms_account",
        "terms_space",
        "public_url",
        "database",
        "clock",
        "mail",
    ] {
        assert_eq!(check(&report, name)["state"], "ok", "{report}");
        assert_eq!(check(&report, name)["mend"], Value::Null, "{report}");
    }
    assert_eq!(check(&report, "gar")["state"], "warning");
    let (code, out, _) = served.command(&["doctor"]).await;
    assert_eq!(code, 0);
    assert!(out.contains("Pix Orga peut servir."), "{out}");
    assert_eq!(post.taken(), 0, "a check sends nothing");
}

#[tokio::test]
async fn the_doctor_tells_a_mail_server_that_is_down() {
    let served = Served::start(&MailServer::nowhere()).await;
    let (code, report) = doctor(&served).await;
    assert_eq!(code, 1);
    let mail = check(&report, "mail");
    assert_eq!(mail["state"], "failed", "{report}");
    assert!(
        mail["said"]
            .as_str()
            .unwrap()
            .contains("ne peut pas être joint"),
        "{report}"
    );
    assert!(
        mail["mend"].as_str().unwrap().contains("mail.port"),
        "{report}"
    );
}
