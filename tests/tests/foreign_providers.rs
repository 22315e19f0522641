//! Pupils sign in through identity providers that nobody here wrote: a request goes, a person signs in on the
//! provider's own page, and its answer comes back.

use journeys::foreign::{Foreign, Kind, Person};
use journeys::served::Served;

/// Accents, and what HTML and XML escape.
const PUPIL: Person = Person {
    ido: "5d3c",
    uai: "0810004P,0810990A",
    profile: "National_elv",
    last_name: "D'ÉTÉ & ŒUVRÉ",
    first_name: "Maëlys-Łucja",
};
const TEACHER: Person = Person {
    ido: "e7a1",
    uai: "0810004P",
    profile: "National_ens",
    last_name: "MARTIN",
    first_name: "Adèle",
};

#[tokio::test]
async fn a_pupil_comes_by_saml_idp_once_and_a_teacher_does_not() {
    comes_by(Kind::SamlIdp).await;
}

#[tokio::test]
async fn a_pupil_comes_by_pysaml2_once_and_a_teacher_does_not() {
    comes_by(Kind::Pysaml2).await;
}

#[tokio::test]
async fn a_pupil_comes_by_samlify_once_and_a_teacher_does_not() {
    comes_by(Kind::Samlify).await;
}

#[tokio::test]
async fn a_pupil_comes_by_lasso_once_and_a_teacher_does_not() {
    comes_by(Kind::Lasso).await;
}

#[tokio::test]
async fn a_pupil_comes_by_simplesamlphp_once_and_a_teacher_does_not() {
    comes_by(Kind::SimpleSamlPhp).await;
}

#[tokio::test]
async fn a_pupil_comes_by_lemonldap_ng_once_and_a_teacher_does_not() {
    comes_by(Kind::LemonLdapNg).await;
}

async fn comes_by(kind: Kind) {
    let provider = Foreign::start(kind).await;
    let served = Served::start(&provider.configuration()).await;
    provider.meet(&served).await;

    let pupil = served.browser();
    let answer = provider.sign_in(&pupil, PUPIL).await;
    let page = pupil.send(answer.clone()).await;
    page.must_be(200).must_say(&format!(
        "Bonjour {}, ton compte Pix est prêt",
        PUPIL.first_name
    ));
    assert_eq!(page.path, "/parcours/bonjour");

    // The same answer again: the pupil's own browser goes on, another one does not.
    let again = pupil.send(answer.clone()).await;
    again.must_be(200).must_say("Mes parcours");
    assert_eq!(again.path, "/parcours/mes-parcours");
    let thief = served.browser();
    thief
        .send(answer.clone())
        .await
        .must_refuse("gar_sign_in_refused");
    thief.get("/parcours").await.must_not_say(PUPIL.first_name);

    // An answer that was never used, from a browser that began another sign-in.
    let honest = served.browser();
    let unused = provider.sign_in(&honest, PUPIL).await;
    provider.sign_in(&thief, TEACHER).await;
    thief.send(unused).await.must_refuse("gar_sign_in_refused");

    // The pupil signed out: their answer does not sign anybody in again, nor when somebody else is in.
    let signed_out = pupil.press(&again, "Se déconnecter", &[]).await;
    signed_out.must_be(200);
    pupil
        .send(answer.clone())
        .await
        .must_refuse("gar_sign_in_refused");
    let other = Person {
        ido: "b82c",
        ..PUPIL
    };
    let others = provider.sign_in(&pupil, other).await;
    pupil.send(others).await.must_be(200);
    pupil.send(answer).await.must_refuse("gar_sign_in_refused");

    // The address of answers, asked for by itself, leads to the médiacentre.
    let by_address = served.browser().get("/gar/acs").await;
    by_address
        .must_be(200)
        .must_say("Entre par ton Médiacentre")
        .must_say("Aller au Médiacentre");

    let teacher = served.browser();
    let answer = provider.sign_in(&teacher, TEACHER).await;
    teacher.send(answer).await.must_refuse("not_a_pupil");
    teacher
        .get("/parcours")
        .await
        .must_not_say(TEACHER.first_name);
}
