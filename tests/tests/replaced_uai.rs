//! A school's number that another replaces: what the file says, what the operator types, what everybody keeps.
#![expect(clippy::unwrap_used, reason = "a journey that fails says so at once")]

use std::fs;

use journeys::export::{Export, sound};
use journeys::page::{readable, refusal};
use journeys::people::{last_mail_to, link_of};
use journeys::pupils::{School, enter, school, somebody, type_date};
use journeys::{Configured, Demo};
use pix_orga_demo::schools;
use serde_json::Value;

const OLD: &str = "0059900J";
const NEW: &str = "0059902L";
const NEWER: &str = "0059903M";
const OTHER: &str = "0059904N";
const ORDINARY: &str = "Élève de la liste";
/// Mails wait for a server that is not there: nothing leaves.
const MAILS: &str = "[mail]\nserver = \"127.0.0.1\"\nport = 9\nencryption = \"none\"\n\
                     from = \"Pix Orga <ne-pas-repondre@orga.invalid>\"\n";

/// Operators' commands on one database.
struct Operator {
    place: Configured,
    /// Another database than the place's own.
    database: Option<String>,
}

impl Operator {
    async fn new() -> Self {
        Self {
            place: Configured::new("").await,
            database: None,
        }
    }

    /// On a demo's database, as if it had always been a real one, with these lines more in the configuration.
    async fn of(demo: &Demo, more: &str) -> Self {
        let real = "UPDATE installation SET purpose = 'production' WHERE only_one = ?";
        assert_eq!(demo.write(real, 1).await, 1);
        Self {
            place: Configured::new(more).await,
            database: Some(demo.database().url()),
        }
    }

    async fn run(&self, command: &[&str]) -> (i32, String, String) {
        let env = self.database.as_deref();
        let env: Vec<_> = env
            .map(|url| ("PIX_ORGA_DATABASE_URL", url))
            .into_iter()
            .collect();
        let (code, out, err) = self.place.run_with(command, &env).await;
        (code, readable(&out), readable(&err))
    }

    async fn says(&self, command: &[&str], said: &str) {
        let (code, out, err) = self.run(command).await;
        assert_eq!(code, 0, "{command:?}: {err}");
        assert!(out.contains(&readable(said)), "{command:?}: {out}");
    }

    async fn refuses(&self, command: &[&str], said: &str) {
        let (code, out, err) = self.run(command).await;
        assert_eq!((code, out.as_str()), (1, ""), "{command:?}");
        assert!(err.contains(&readable(said)), "{command:?}: {err}");
    }

    async fn replaces(&self, old: &str, new: &str) {
        self.says(&["schools", "replace-uai", old, new], "est remplacé par")
            .await;
    }

    /// Loads rows of collèges: number, name, state. Created, updated, unchanged; then each remark that names another
    /// number, by the row's.
    async fn loads(
        &self,
        rows: &[(&str, &str, &str)],
    ) -> ([u64; 3], Vec<(String, String, String)>) {
        let columns =
            "Identifiant_de_l_etablissement;Nom_etablissement;Nom_commune;Mail;code_nature;etat";
        let rows = rows.iter().map(|(uai, name, state)| {
            format!("{uai};{name};Ville-Fictive-1;ce.{uai}@ac-aix-marseille.fr;340;{state}\n")
        });
        let text = format!("{columns}\n{}", rows.collect::<String>());
        let file = self.place.path("annuaire.csv");
        fs::write(&file, text).unwrap();
        let file = file.display().to_string();
        let (code, out, err) = self
            .run(&["schools", "load", &file, "--format", "json"])
            .await;
        assert_eq!(code, 0, "{err}");
        let report: Value = serde_json::from_str(&out).unwrap();
        let done = ["created", "updated", "unchanged"].map(|key| report[key].as_u64().unwrap());
        let remarks = report["remarks"].as_array().unwrap().iter();
        let named = remarks.filter_map(|remark| {
            let text = |key: &str| remark[key].as_str().map(str::to_owned);
            Some((text("uai")?, text("code")?, text("other_uai")?))
        });
        (done, named.collect())
    }
}

impl Operator {
    /// Loads one row that may be the new number of a school.
    async fn reports(&self, row: &str) {
        let columns =
            "Identifiant_de_l_etablissement;Nom_etablissement;Nom_commune;Mail;code_nature";
        let file = self.place.path("annuaire.csv");
        fs::write(&file, format!("{columns}\n{row}")).unwrap();
        let file = file.display().to_string();
        self.says(&["schools", "load", &file], "replace-uai").await;
    }
}

fn named(uai: &str, code: &str, other: &str) -> (String, String, String) {
    (uai.to_owned(), code.to_owned(), other.to_owned())
}

#[tokio::test]
async fn a_new_number_with_a_known_name_and_town_is_reported_until_it_is_settled() {
    let operator = Operator::new().await;
    let (old, new) = (
        (OLD, "Collège Alpha", "OUVERT"),
        (NEW, "COLLEGE ALPHA", "OUVERT"),
    );
    assert_eq!(operator.loads(&[old]).await, ([1, 0, 0], vec![]));
    let reported = vec![named(NEW, "may_replace", OLD)];
    assert_eq!(operator.loads(&[new]).await, ([1, 0, 0], reported.clone()));
    assert_eq!(operator.loads(&[new]).await, ([0, 0, 1], reported.clone()));
    // Two schools that the file lists as open are two schools; one that closes is replaced.
    assert_eq!(operator.loads(&[old, new]).await, ([0, 0, 2], vec![]));
    let closing = (OLD, "Collège Alpha", "A FERMER");
    assert_eq!(operator.loads(&[new, closing]).await, ([0, 1, 1], reported));
    let file = operator.place.path("annuaire.csv").display().to_string();
    let advice = format!("« pix-orga schools replace-uai {OLD} {NEW} »");
    operator.says(&["schools", "load", &file], &advice).await;

    let replace = ["schools", "replace-uai", OLD, NEW];
    operator
        .says(&replace, &format!("L’UAI {OLD} est remplacé par {NEW}."))
        .await;
    operator.says(&replace, "C’est déjà fait").await;
    // The same school under its new number; what the former number's row says changes nothing.
    let replaced = vec![named(OLD, "uai_replaced", NEW)];
    assert_eq!(
        operator.loads(&[new, closing]).await,
        ([0, 1, 1], replaced.clone())
    );
    assert_eq!(
        operator.loads(&[closing, new]).await,
        ([0, 0, 2], replaced.clone())
    );
    assert_eq!(operator.loads(&[old]).await, ([0, 0, 1], replaced));
}

#[tokio::test]
async fn numbers_follow_each_other_and_each_former_one_answers() {
    let operator = Operator::new().await;
    let alpha = |uai| (uai, "Collège Alpha", "OUVERT");
    operator
        .loads(&[alpha(OLD), (OTHER, "Collège Bêta", "OUVERT")])
        .await;
    let all_answer = async |numbers: &[&str]| {
        for uai in numbers {
            operator
                .says(&["schools", "confirm-address", uai], "Adresse confirmée")
                .await;
            // Only the server itself keeps it from leaving.
            let invite = ["schools", "invite", "--uai", uai];
            operator
                .refuses(&invite, refusal("mail_not_configured").1)
                .await;
        }
    };
    operator.replaces(OLD, NEW).await;
    operator.replaces(NEW, NEWER).await;
    all_answer(&[OLD, NEW, NEWER]).await;
    operator
        .says(&["schools", "replace-uai", OLD, NEWER], "C’est déjà fait")
        .await;
    // Back again, then forth by the first number of all.
    operator.replaces(NEWER, NEW).await;
    operator.replaces(NEW, OLD).await;
    all_answer(&[OLD, NEW, NEWER]).await;
    assert_eq!(operator.loads(&[alpha(OLD)]).await.0, [0, 0, 1]);
    operator.replaces(NEW, NEWER).await;
    let replaced = [OLD, NEW].map(|former| named(former, "uai_replaced", NEWER));
    let (done, remarks) = operator.loads(&[alpha(OLD), alpha(NEW)]).await;
    assert_eq!((done, remarks), ([0, 0, 2], replaced.to_vec()));

    let unknown = "Aucun établissement chargé n’a cet UAI";
    let refused: [([&str; 2], &str); 3] = [
        (["0690132U", OLD], unknown),
        ([NEWER, NEWER], refusal("uai_same").1),
        ([OLD, OLD], refusal("uai_same").1),
    ];
    for ([old, new], said) in refused {
        operator
            .refuses(&["schools", "replace-uai", old, new], said)
            .await;
    }
    // A number that a school had is not free for another.
    let replace = ["schools", "replace-uai", OTHER, OLD];
    operator.refuses(&replace, refusal("uai_in_use").1).await;
    let wrong = operator
        .run(&["schools", "replace-uai", OLD, "0059902A"])
        .await;
    assert_eq!(wrong.0, 2);
}

/// The parcours's page, once the pupil entered.
fn must_be_in(page: &journeys::Page) {
    assert!(
        page.says("Tu es rattaché à ta classe") || page.says("Rentrée"),
        "{}",
        page.text()
    );
}

#[tokio::test]
async fn the_space_keeps_everything_under_its_new_number() {
    let demo = Demo::start().await;
    let School { head, code } = school(&demo).await;
    let [one, two] = [
        somebody(&demo, ORDINARY, 0).await,
        somebody(&demo, ORDINARY, 1).await,
    ];
    let browser = demo.browser();
    enter(&browser, &one).await;
    let check = browser.get(&format!("/parcours/{code}")).await;
    must_be_in(&type_date(&browser, &check, &one.born.clone().unwrap()).await);
    let before = head.at("/eleves?rattachement=linked").await;
    assert_eq!(before.texts("tbody tr").len(), 1);

    // The directory knows the new number too: an entry with an invitation on its way, and nobody in.
    let operator = Operator::of(&demo, "").await;
    let name = schools::all()[0].name;
    operator.loads(&[(NEW, name, "OUVERT")]).await;
    operator.replaces(OLD, NEW).await;

    let page = head.at("").await.texts("body").join(" ");
    assert!(page.contains(NEW) && !page.contains(OLD), "{page}");
    let after = head.at("/eleves?rattachement=linked").await;
    assert_eq!(after.texts("tbody tr"), before.texts("tbody tr"));
    head.at("/equipe").await.must_say("Camille Durand");
    let said = format!("L’UAI {OLD} de l’établissement est remplacé par {NEW}.");
    head.at("/equipe/journal").await.must_say(&said);
    // Pupils whom the GAR still says to be under the former number: the one who is linked, and a new one.
    let again = demo.browser();
    enter(&again, &one).await;
    must_be_in(&again.get(&format!("/parcours/{code}")).await);
    let newcomer = demo.browser();
    enter(&newcomer, &two).await;
    let check = newcomer.get(&format!("/parcours/{code}")).await;
    must_be_in(&type_date(&newcomer, &check, &two.born.clone().unwrap()).await);
    assert_eq!(
        head.at("/eleves?rattachement=linked")
            .await
            .texts("tbody tr")
            .len(),
        2
    );
}

#[tokio::test]
async fn a_file_under_another_number_of_the_school_says_so() {
    let demo = Demo::start().await;
    let School { head, .. } = school(&demo).await;
    let operator = Operator::of(&demo, "").await;
    let school = &schools::all()[0];
    let file = |uai| {
        let export = Export {
            uai,
            ..Export::default()
        };
        let pupil = sound("000000001AB", "SEUL", "Zoé");
        export.with("1", "6A", &pupil).bytes()
    };
    let list = head.at("/eleves").await.texts("tbody tr");
    // Nobody knows the new number yet; then the directory does; then it is the school's.
    let unknown = head.import("liste.xml", file(NEW)).await;
    unknown
        .must_say("Ce fichier vient d’un autre établissement")
        .must_say("ou changez d’espace");
    let (name, town) = (school.name, school.town);
    operator
        .reports(&format!("{NEW};{name};{town};;340\n"))
        .await;
    let perhaps = head.import("liste.xml", file(NEW)).await;
    perhaps
        .must_say("Ce fichier porte un autre code UAI que le vôtre")
        .must_say("Si c’est votre nouveau code, écrivez à l’assistance");
    operator.replaces(OLD, NEW).await;
    let former = head.import("liste.xml", file(OLD)).await;
    former
        .must_say("Ce fichier porte votre ancien code UAI")
        .must_say(&format!("{NEW} l’a remplacé"));
    assert_eq!(head.at("/eleves").await.texts("tbody tr"), list);
    // Another school's is another school's still.
    let other = head.import("liste.xml", file(OTHER)).await;
    other.must_say("Ce fichier vient d’un autre établissement");
    let present = head.import("liste.xml", file(NEW)).await;
    present.must_not_say("code UAI");
}

#[tokio::test]
async fn nothing_received_under_a_former_number_goes_to_the_school() {
    let demo = Demo::start().await;
    let operator = Operator::of(&demo, "").await;
    operator.replaces(OLD, NEW).await;
    let address = schools::all()[0].mail();
    let ask = async |uai: &str| {
        let browser = demo.browser();
        let form = browser.get("/je-n-ai-rien-recu").await;
        browser
            .press(&form, "Envoyer un message", &[("uai", uai)])
            .await
    };
    let before = link_of(&last_mail_to(&demo, &address).await);
    let answered = ask(OLD).await;
    let after = link_of(&last_mail_to(&demo, &address).await);
    assert_ne!(before, after);
    let invitation = demo.browser().get(&after).await;
    invitation.must_say(NEW).must_not_say(OLD);
    // One an hour for the school, whatever the number typed.
    assert_eq!(ask(NEW).await.text(), answered.text());
    assert_eq!(link_of(&last_mail_to(&demo, &address).await), after);
}

#[tokio::test]
async fn an_entry_of_the_directory_gives_way_and_a_space_does_not() {
    let demo = Demo::start().await;
    let School { .. } = school(&demo).await;
    let operator = Operator::of(&demo, "").await;
    let (space, blank) = (OLD, schools::all()[1].uai.to_string());
    // The wrong way round: the space would vanish under an entry that nobody uses.
    let replace = ["schools", "replace-uai", blank.as_str(), space];
    operator.refuses(&replace, refusal("uai_in_use").1).await;
    let gone = format!("L’établissement que l’annuaire avait créé pour {blank}");
    operator
        .says(&["schools", "replace-uai", space, &blank], &gone)
        .await;
    operator
        .says(
            &["schools", "replace-uai", &blank, space],
            "est remplacé par",
        )
        .await;
}

#[tokio::test]
async fn a_school_that_may_be_another_s_new_number_is_not_invited_with_all() {
    let demo = Demo::start().await;
    let School { .. } = school(&demo).await;
    let operator = Operator::of(&demo, MAILS).await;
    let (name, town) = (schools::all()[0].name, schools::all()[0].town);
    let row = format!("{NEW};{name};{town};ce.{NEW}@ac-aix-marseille.fr;340\n");
    operator.reports(&row).await;
    let (code, _, err) = operator.run(&["schools", "invite", "--all"]).await;
    assert_eq!(code, 0, "{err}");
    let said = format!("{NEW} : pas invité. Il a le même nom et la même commune que {OLD}");
    assert!(err.contains(&said), "{err}");
    let invite = ["schools", "invite", "--uai", NEW];
    operator.says(&invite, "Invitation en route.").await;
}
