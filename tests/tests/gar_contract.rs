//! What the contract of the resource has, and what it does not: a provider that signs `IDO`, `PRE` and `NOM` alone.

use journeys::export::{Export, sound};
use journeys::foreign::{Foreign, Kind, Person};
use journeys::people::Head;
use journeys::pupils::type_date;
use journeys::served::Served;
use journeys::{Browser, Page};
use pix_orga_demo::schools::{self, FictitiousSchool};

/// What the contract has.
const THREE: &[&str] = &["IDO", "PRE", "NOM"];
/// Says so in the configuration.
const DELIVERED: &str = "delivered = [\"IDO\", \"PRE\", \"NOM\"]\n";

const ZOE: Person = person("5d3c", "Lefèvre", "Zoé");

const fn person(ido: &'static str, last_name: &'static str, first_name: &'static str) -> Person {
    Person {
        ido,
        uai: "",
        profile: "",
        last_name,
        first_name,
    }
}

/// Starts the service with what a provider's configuration needs, and these lines more.
async fn serve(provider: &Foreign, more: &str) -> Served {
    let served = Served::start(&(provider.configuration() + more)).await;
    provider.meet(&served).await;
    served
}

/// Signs somebody in, as far as the page where they arrive.
async fn arrive(provider: &Foreign, served: &Served, who: Person) -> (Browser, Page) {
    let browser = served.browser();
    let answer = provider.sign_in(&browser, who).await;
    let page = browser.send(answer).await;
    (browser, page)
}

#[tokio::test]
async fn a_promised_attribute_that_is_missing_is_named_and_the_pupil_told_kindly() {
    let provider = Foreign::delivering(Kind::SamlIdp, THREE).await;
    let served = serve(&provider, "").await;
    let (pupil, refused) = arrive(&provider, &served, ZOE).await;
    refused
        .must_refuse("gar_attribute_missing")
        .must_say("Il manque une information")
        .must_say("Retourner au Médiacentre")
        .must_not_say("élèves seulement");
    for secret in ["UAI", "PRO", "DIV"] {
        refused.must_not_say(secret);
    }
    pupil.get("/parcours").await.must_not_say(ZOE.first_name);

    let figures = served.browser().get("/metrics").await.html;
    for line in [
        r#"pix_orga_gar_attributes_missing_total{attribute="UAI"} 1"#,
        r#"pix_orga_gar_attributes_missing_total{attribute="PRO"} 1"#,
        r#"pix_orga_gar_attributes_missing_total{attribute="DIV"} 1"#,
        r#"pix_orga_gar_sign_ins_total{outcome="gar_attribute_missing"} 1"#,
    ] {
        assert!(figures.lines().any(|one| one == line), "{line}\n{figures}");
    }
    assert!(!figures.contains("not_a_pupil"), "{figures}");
    assert!(!figures.contains(r#"attribute="NOM""#), "{figures}");
}

/// A school with two pupils of one class, and a parcours.
async fn school(head: Head, school: &'static FictitiousSchool) -> (Head, String) {
    let export = Export {
        uai: school.uai.as_str(),
        ..Export::default()
    };
    let export = export
        .with("1", "5A", &sound("000000001AB", "Lefèvre", "Zoé"))
        .with("2", "5A", &sound("000000002CD", "Martin-Petit", "Hugo"));
    let list = head.import("liste.xml", export.bytes()).await;
    list.must_say("La liste des élèves est chargée");
    let form = head.at("/parcours/nouveau").await;
    let title = [("title", "Rentrée")];
    let created = head.browser.press(&form, "Créer le parcours", &title).await;
    let code = created.attributes("input#code", "value").remove(0);
    (head, code)
}

/// Follows a parcours's link, and types the birth date that both pupils have.
async fn enters(browser: &Browser, code: &str) -> Page {
    let check = browser.get(&format!("/parcours/{code}")).await;
    check.must_say("C’est bien toi ?");
    type_date(browser, &check, &["1", "2", "2014"].map(str::to_owned)).await
}

#[tokio::test]
async fn under_a_contract_of_three_attributes_the_same_names_link_and_a_person_sees_the_rest() {
    let provider = Foreign::delivering(Kind::SamlIdp, THREE).await;
    let served = serve(&provider, DELIVERED).await;
    let (_, out, _) = served.command(&["doctor"]).await;
    for cost in ["Sans UAI, ", "Sans PRO, ", "Sans DIV, "] {
        assert!(out.contains(cost), "{cost}\n{out}");
    }
    assert!(!out.contains("Sans NOM"), "{out}");

    let schools = schools::all();
    let link = served.invitation().await;
    let head = Head::follows(served.browser(), &link, &schools[0].mail()).await;
    let (here, code) = school(head, &schools[0]).await;
    let link = served.invitation_of_another(&schools[1]).await;
    let head = Head::follows(served.browser(), &link, &schools[1].mail()).await;
    let (there, code_there) = school(head, &schools[1]).await;

    // The same names and birth date as one pupil of the list.
    let (zoe, hello) = arrive(&provider, &served, ZOE).await;
    hello.must_be(200).must_say("Bonjour Zoé");
    enters(&zoe, &code)
        .await
        .must_say("Tu es rattaché à ta classe : 5A");

    // Half of the surname: where the school is signed, this would link by itself.
    let hugo = person("a1b2", "Martin", "Hugo");
    let (hugo, _) = arrive(&provider, &served, hugo).await;
    let neutral = enters(&hugo, &code).await;
    neutral.must_say("Nous ne t’avons pas retrouvé");
    let date = [
        ("birthdate-day", "1"),
        ("birthdate-month", "2"),
        ("birthdate-year", "2014"),
    ];
    let asked = hugo
        .press(&neutral, "Demander à mon enseignant", &date)
        .await;
    asked.must_say("Ton enseignant est prévenu");
    let requests = here.at("/eleves/demandes").await;
    requests.must_say("Hugo");
    let request = requests.attributes("tbody a", "href").remove(0);
    here.browser.get(&request).await.must_say("Martin-Petit");

    // Another school's parcours: its list has the same pupil, with the same INE; a person carries the link.
    let neutral = enters(&zoe, &code_there).await;
    neutral.must_say("Nous ne t’avons pas retrouvé");
    let asked = zoe
        .press(&neutral, "Demander à mon enseignant", &date)
        .await;
    asked.must_say("Ton enseignant est prévenu");
    there.at("/eleves/demandes").await.must_say("Zoé");
    let linked = there.at("/eleves?rattachement=linked").await;
    assert!(linked.texts("tbody td[data-label=Classe]").is_empty());
}

#[tokio::test]
async fn who_has_no_profile_is_a_pupil_and_who_has_another_is_told_where_to_go() {
    let provider = Foreign::start(Kind::SamlIdp).await;
    let served = serve(&provider, DELIVERED).await;
    // The contract promises less than comes: what comes is read all the same.
    let teacher = Person {
        uai: "0810004P",
        profile: "National_ens",
        ..person("e7a1", "Martin", "Adèle")
    };
    let (_, page) = arrive(&provider, &served, teacher).await;
    page.must_refuse("not_a_pupil");
    let (_, page) = arrive(&provider, &served, ZOE).await;
    page.must_be(200).must_say("Bonjour Zoé");
}

#[tokio::test]
async fn a_contract_that_nobody_can_read_is_refused_and_the_doctor_says_how_to_mend_it() {
    let provider = Foreign::start(Kind::SamlIdp).await;
    for (delivered, said) in [
        ("[\"IDO\", \"MAIL\"]", "MAIL"),
        ("[\"UAI\", \"PRO\"]", "ne nomme pas IDO"),
        ("[]", "ne nomme pas IDO"),
    ] {
        let more = format!("{}delivered = {delivered}\n", provider.configuration());
        let place = journeys::Configured::new(&more).await;
        let (code, _, err) = place.run(&["serve"]).await;
        assert_eq!(code, 1, "{delivered}");
        assert!(err.contains("gar.delivered") && err.contains(said), "{err}");
        let (code, out, _) = place.run(&["doctor"]).await;
        assert_eq!(code, 1, "{delivered}");
        assert!(out.contains(said), "{out}");
    }
    let place = journeys::Configured::new(&provider.configuration()).await;
    let env = [("PIX_ORGA_GAR__DELIVERED", "ido, uai,PRO,nom,pre,DIV")];
    let (_, out, _) = place.run_with(&["doctor"], &env).await;
    assert!(!out.contains("Le contrat de la ressource"), "{out}");
}
