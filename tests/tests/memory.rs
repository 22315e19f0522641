//! Memory that a burst took comes back.

use std::time::Duration;

use journeys::people::Head;
use journeys::served::Served;
use pix_orga_demo::schools;
use pix_orga_demo::siecle::{Generator, SchoolSpec};
use pix_orga_domain::clock::{day_in_paris, school_year};
use tokio::task::JoinSet;

const MIB: u64 = 1024 * 1024;
/// What a process may keep after a burst, beside what it had. Sixty passwords hashed on as many threads kept 460.
const KEPT_MAX: u64 = 64 * MIB;
const SIGN_INS: usize = 60;
const LOOKS_MAX: u32 = 300;
const LOOK_EVERY: Duration = Duration::from_millis(100);

async fn must_come_back(served: &Served, before: u64) {
    let mut kept = 0;
    for _ in 0..LOOKS_MAX {
        kept = served.memory().saturating_sub(before);
        if kept < KEPT_MAX {
            return;
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    panic!("{} MiB are kept", kept / MIB);
}

#[tokio::test]
async fn memory_comes_back_after_a_burst_of_sign_ins() {
    let served = Served::start("").await;
    served.browser().get("/connexion").await.must_be(200);
    let before = served.memory();
    let mut burst = JoinSet::new();
    for number in 0..SIGN_INS {
        let browser = served.browser();
        burst.spawn(async move {
            let door = browser.get("/connexion").await;
            let email = format!("personne-{number}@college.invalid");
            let form = [
                ("email", email.as_str()),
                ("password", "mauvais mot de passe"),
            ];
            let page = browser.press(&door, "Se connecter", &form).await;
            page.status
        });
    }
    let statuses = burst.join_all().await;
    let hashed = statuses.iter().filter(|status| **status == 401).count();
    assert!(hashed > SIGN_INS / 2, "{statuses:?}");
    must_come_back(&served, before).await;
}

#[tokio::test]
async fn memory_comes_back_after_an_import() {
    let served = Served::start("").await;
    let link = served.invitation().await;
    let head = Head::follows(served.browser(), &link, &schools::all()[0].mail()).await;
    let spec = SchoolSpec::of(&schools::all()[0]);
    let today = day_in_paris(jiff::Timestamp::now());
    let school = Generator::new(3).generate(&spec, 3_000, school_year(today), today);
    let before = served.memory();
    head.import("ElevesSansAdresses.xml", school.to_xml_bytes())
        .await
        .must_say("La liste des élèves est chargée");
    must_come_back(&served, before).await;
}
