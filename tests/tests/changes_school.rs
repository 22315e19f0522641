//! A pupil who changes school with the same account: the INE of the two lists carries their link.
#![expect(clippy::unwrap_used, reason = "a journey that fails says so at once")]

use std::sync::LazyLock;

use journeys::export::{Export, sound};
use journeys::foreign::{Foreign, Kind, Person};
use journeys::people::Head;
use journeys::pupils::type_date;
use journeys::served::Served;
use journeys::{Browser, Page};
use pix_orga_demo::schools::{self, FictitiousSchool};

/// In both lists, with what makes no difference between two names.
const INE: &str = "000000001AB";
const LISTED_HERE: [&str; 2] = ["Lefèvre", "Zoé"];
const LISTED_THERE: [&str; 2] = ["LEFEVRE", "ZOE"];
const BORN: &str = "01/02/2014";
const CLASS_HERE: &str = "5A";
const CLASS_THERE: &str = "4B";

static HERE: LazyLock<&FictitiousSchool> = LazyLock::new(|| &schools::all()[0]);
static THERE: LazyLock<&FictitiousSchool> = LazyLock::new(|| &schools::all()[1]);

/// A school with this one pupil in its list, and one parcours.
struct School {
    head: Head,
    code: String,
}

impl School {
    async fn with(
        head: Head,
        school: &'static FictitiousSchool,
        [last_name, first_name]: [&str; 2],
        born: &str,
        class: &str,
    ) -> Self {
        let mut pupil = sound(INE, last_name, first_name);
        pupil[3].1 = born;
        let export = Export {
            uai: school.uai.as_str(),
            ..Export::default()
        };
        let list = export.with("1", class, &pupil).bytes();
        head.import("liste.xml", list)
            .await
            .must_say("La liste des élèves est chargée");
        let form = head.at("/parcours/nouveau").await;
        let created = head
            .browser
            .press(&form, "Créer le parcours", &[("title", &*title(school))])
            .await;
        let code = created.attributes("input#code", "value").remove(0);
        Self { head, code }
    }

    /// The classes of the pupils who are linked.
    async fn linked(&self) -> Vec<String> {
        let list = self.head.at("/eleves?rattachement=linked").await;
        list.texts("tbody td[data-label=Classe]")
    }
}

/// The school that the pupil leaves, where they are linked, and the one where they arrive.
struct Move {
    // Both end with the journey.
    provider: Foreign,
    served: Served,
    here: School,
    there: School,
}

impl Move {
    /// The list of the school of arrival says this birth date.
    async fn to_a_list_that_says(born: &str) -> Self {
        let provider = Foreign::start(Kind::Pysaml2).await;
        let served = Served::start(&provider.configuration()).await;
        provider.meet(&served).await;

        let link = served.invitation().await;
        let head = Head::follows(served.browser(), &link, &HERE.mail()).await;
        let here = School::with(head, &HERE, LISTED_HERE, BORN, CLASS_HERE).await;
        let link = served.invitation_of_another(&THERE).await;
        let head = Head::follows(served.browser(), &link, &THERE.mail()).await;
        let there = School::with(head, &THERE, LISTED_THERE, born, CLASS_THERE).await;

        let moving = Self {
            provider,
            served,
            here,
            there,
        };
        let (pupil, check) = moving.enters(&HERE, &moving.here).await;
        check.must_say("C’est bien toi ?");
        type_date(&pupil, &check, &typed(BORN))
            .await
            .must_say(&in_class(CLASS_HERE));
        moving
    }

    /// The pupil, whom the GAR says to be in a school, follows the link of its parcours.
    async fn enters(&self, signed: &'static FictitiousSchool, school: &School) -> (Browser, Page) {
        let person = Person {
            ido: "5d3c",
            uai: signed.uai.as_str(),
            profile: "National_elv",
            last_name: "Lefèvre",
            first_name: "Zoé",
        };
        let browser = self.served.browser();
        let answer = self.provider.sign_in(&browser, person).await;
        browser.send(answer).await.must_be(200);
        let page = browser.get(&format!("/parcours/{}", school.code)).await;
        page.must_be(200);
        (browser, page)
    }
}

/// What the parcours of a school is called.
fn title(school: &FictitiousSchool) -> String {
    format!("Rentrée à {}", school.town)
}

fn typed(date: &str) -> [String; 3] {
    let parts: Vec<_> = date.split('/').map(str::to_owned).collect();
    parts.try_into().unwrap()
}

fn in_class(class: &str) -> String {
    format!("Tu es rattaché à ta classe : {class}")
}

#[tokio::test]
async fn the_link_follows_a_pupil_whom_both_lists_know_and_nothing_is_asked() {
    let moving = Move::to_a_list_that_says(BORN).await;
    let (pupil, arrived) = moving.enters(&THERE, &moving.there).await;
    arrived
        .must_say(&in_class(CLASS_THERE))
        .must_not_say(CLASS_HERE)
        .must_not_say("naissance");
    assert_eq!(moving.there.linked().await, [CLASS_THERE]);
    assert_eq!(moving.here.linked().await, [CLASS_HERE]);
    let mine = pupil.get("/parcours/mes-parcours").await;
    mine.must_say(&title(&HERE)).must_say(&title(&THERE));
}

#[tokio::test]
async fn a_list_with_another_birth_date_carries_nothing_and_the_pupil_is_asked() {
    let other = "11/02/2014";
    let moving = Move::to_a_list_that_says(other).await;
    let (pupil, check) = moving.enters(&THERE, &moving.there).await;
    check.must_say("C’est bien toi ?").must_not_say(CLASS_THERE);
    assert!(moving.there.linked().await.is_empty());
    type_date(&pupil, &check, &typed(other))
        .await
        .must_say(&in_class(CLASS_THERE));
    assert_eq!(moving.there.linked().await, [CLASS_THERE]);
}
