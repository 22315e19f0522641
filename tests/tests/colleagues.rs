//! The team: inviting, joining, roles, removing, leaving, and what a member may not do.

use journeys::people::{Head, join, last_mail_to, link_of};
use journeys::{Demo, Page};

const CLAIRE: &str = "claire.petit@college.invalid";

/// The address of the page that asks whether to remove somebody.
fn removal_of(team: &Page, name: &str) -> String {
    let link = team.link(&format!("Retirer {name}"));
    link.unwrap_or_else(|| panic!("{name} cannot be removed:\n{}", team.text()))
}

#[tokio::test]
async fn a_colleague_is_invited_joins_and_becomes_administrator() {
    let demo = Demo::start().await;
    let head = Head::arrives(&demo).await;
    let alone = head.at("/equipe").await;
    alone
        .must_be(200)
        .must_say("Camille Durand (vous)")
        .must_say("Seul administrateur")
        .must_say("Aucune invitation en attente");

    let sent = head.invite(CLAIRE, "member").await;
    sent.must_be(200)
        .must_say("Une invitation est en route")
        .must_say(CLAIRE)
        .must_say("En attente")
        .must_say("par Camille Durand");
    head.at("/equipe").await.must_not_say("est en route");

    let (claire, home) = join(&demo, CLAIRE, "Claire", "Petit").await;
    assert_eq!(home.path, head.space);
    let team = head.at("/equipe").await;
    team.must_say("Claire Petit")
        .must_say("Aucune invitation en attente")
        .must_say("Seul administrateur");
    let seen = claire.get(&format!("{}/equipe", head.space)).await;
    seen.must_be(200).must_say("Camille Durand");
    for forbidden in [
        "Inviter un membre",
        "Retirer",
        "Nommer administrateur",
        "Invitations",
    ] {
        seen.must_not_say(forbidden);
    }

    let named = head
        .browser
        .press(&team, "Nommer administrateur", &[])
        .await;
    named
        .must_say("Cette personne est maintenant administrateur")
        .must_not_say("Seul administrateur");
    claire
        .get(&format!("{}/equipe", head.space))
        .await
        .must_say("Inviter un membre");
}

#[tokio::test]
async fn each_address_has_its_result_and_the_refused_ones_stay_to_be_corrected() {
    let demo = Demo::start().await;
    let head = Head::arrives(&demo).await;
    let typed =
        format!("{CLAIRE}; faux, <paul@college.invalid>\nCE.0059900J@ac-aix-marseille.fr.invalid");
    let results = head.invite(&typed, "administrator").await;
    results
        .must_be(200)
        .must_say("Invitation envoyée")
        .must_say("Cette adresse n’est pas complète")
        .must_refuse("already_member");
    let kept = results.texts("textarea").join(" ");
    assert_eq!(kept, "faux CE.0059900J@ac-aix-marseille.fr.invalid");
    let form = results.form("Envoyer les invitations").unwrap();
    assert!(
        form.fields
            .contains(&("role".to_owned(), "administrator".to_owned()))
    );

    for addresses in [" ;\n", ""] {
        let refused = head.invite(addresses, "member").await;
        refused.must_be(422).must_refuse("address_missing");
        assert_eq!(refused.attributes("textarea", "aria-invalid"), ["true"]);
    }
    let many: Vec<String> = (0..201).map(|n| format!("p{n}@college.invalid")).collect();
    let refused = head.invite(&many.join(" "), "member").await;
    refused.must_be(422).must_refuse("too_many_addresses");
    assert!(refused.texts("textarea")[0].ends_with("p200@college.invalid"));
    let team = head.at("/equipe").await;
    team.must_say("paul@college.invalid")
        .must_not_say("p0@college.invalid");
}

#[tokio::test]
async fn an_invitation_is_sent_again_with_measure_and_cancelled_once() {
    let demo = Demo::start().await;
    let head = Head::arrives(&demo).await;
    let team = head.invite(CLAIRE, "member").await;
    let again = head.browser.press(&team, "Renvoyer", &[]).await;
    again.must_be(200).must_refuse("resend_too_soon");
    let link = link_of(&last_mail_to(&demo, CLAIRE).await);
    let cancelled = head.browser.press(&again, "Annuler", &[]).await;
    cancelled
        .must_say("L’invitation est annulée")
        .must_say("Aucune invitation en attente");
    let twice = head.browser.press(&again, "Annuler", &[]).await;
    twice.must_be(200).must_refuse("not_pending");
    let late = head.browser.press(&again, "Renvoyer", &[]).await;
    late.must_refuse("nothing_to_resend");
    demo.browser().get(&link).await.must_be(410);
}

#[tokio::test]
async fn a_school_always_keeps_an_administrator() {
    let demo = Demo::start().await;
    let head = Head::arrives(&demo).await;
    head.invite(CLAIRE, "member").await;
    join(&demo, CLAIRE, "Claire", "Petit").await;
    let team = head.at("/equipe").await;
    team.must_say("Seul administrateur");
    let leave = head.at("/equipe/quitter").await;
    let refused = head.browser.press(&leave, "Quitter l’espace", &[]).await;
    refused
        .must_be(200)
        .must_refuse("last_administrator")
        .must_say("Camille Durand (vous)");
    let claire = team.form("Nommer administrateur").unwrap().action;
    let promoted = head
        .browser
        .press(&team, "Nommer administrateur", &[])
        .await;
    let me = promoted
        .attributes("form[action$='/role']", "action")
        .into_iter()
        .find(|action| *action != claire)
        .unwrap();
    let demoted = head
        .browser
        .post(&promoted, &me, &[("role", "member")])
        .await;
    demoted
        .must_say("Cette personne est maintenant membre")
        .must_not_say("Inviter un membre");
    let refused = head
        .browser
        .post(&demoted, &claire, &[("role", "member")])
        .await;
    refused.must_be(403).must_refuse("role_insufficient");
}

#[tokio::test]
async fn a_member_does_nothing_to_the_team_but_leave_it() {
    let demo = Demo::start().await;
    let head = Head::arrives(&demo).await;
    head.invite(CLAIRE, "member").await;
    let (claire, home) = join(&demo, CLAIRE, "Claire", "Petit").await;
    let team = format!("{}/equipe", head.space);
    let other = removal_of(&head.at("/equipe").await, "Claire Petit");
    let waiting = head.invite("paul@college.invalid", "member").await;
    let cancel = waiting.form("Annuler").unwrap().action;
    claire
        .get(&format!("{team}/inviter"))
        .await
        .must_be(403)
        .must_refuse("role_insufficient");
    let inviting = format!("{team}/inviter");
    let fields = [
        ("addresses", "moi@college.invalid"),
        ("role", "administrator"),
    ];
    claire.post(&home, &inviting, &fields).await.must_be(403);
    for action in [cancel, format!("{team}/seul")] {
        claire.post(&home, &action, &[]).await.must_be(403);
    }
    let role = other.replace("/retirer", "/role");
    claire
        .post(&home, &role, &[("role", "administrator")])
        .await
        .must_be(403);
    head.at("/equipe")
        .await
        .must_say("paul@college.invalid")
        .must_not_say("moi@college.invalid");

    let page = claire.get(&team).await;
    let leave = claire.follow(&page, "Quitter l’espace").await;
    let left = claire.press(&leave, "Quitter l’espace", &[]).await;
    left.must_say("Vous avez quitté l’espace")
        .must_say("Aucun établissement");
    claire.get(&team).await.must_be(404);
}

#[tokio::test]
async fn somebody_removed_loses_the_space_at_once_and_can_come_back() {
    let demo = Demo::start().await;
    let head = Head::arrives(&demo).await;
    head.invite(CLAIRE, "member").await;
    let (claire, _) = join(&demo, CLAIRE, "Claire", "Petit").await;
    let team = head.at("/equipe").await;
    let page = head.browser.get(&removal_of(&team, "Claire Petit")).await;
    page.must_say("Retirer Claire Petit de l’équipe ?");
    let removed = head.browser.press(&page, "Retirer de l’équipe", &[]).await;
    removed
        .must_say("ne fait plus partie de l’équipe")
        .must_not_say("Claire Petit");
    claire.get(&head.space).await.must_be(404);
    head.browser.get(&page.path).await.must_be(404);

    head.invite(CLAIRE, "member")
        .await
        .must_say("Une invitation est en route");
    let link = link_of(&last_mail_to(&demo, CLAIRE).await);
    let back = claire
        .press(&claire.get(&link).await, "Accepter l’invitation", &[])
        .await;
    back.must_be(200).must_say("Vous avez rejoint l’espace");
    assert_eq!(back.path, head.space);
}

#[tokio::test]
async fn an_address_that_is_not_the_invited_one_is_proved_before_inviting() {
    let demo = Demo::start().await;
    let head = Head::arrives_as(&demo, "camille@college.invalid").await;
    let team = head.at("/equipe").await;
    team.must_say("Confirmez votre adresse e-mail")
        .must_say("camille@college.invalid")
        .must_say("invité à ce.0059900j@ac-aix-marseille.fr.invalid")
        .must_not_say("Inviter un membre");
    head.at("/equipe/inviter")
        .await
        .must_be(403)
        .must_refuse("email_unconfirmed");
    let account = head.browser.press(&team, "Renvoyer le message", &[]).await;
    account
        .must_be(200)
        .must_say("Un message est en route")
        .must_say("Adresse à confirmer");
    let link = link_of(&last_mail_to(&demo, "camille@college.invalid").await);
    let page = head.browser.get(&link).await;
    let confirmed = head
        .browser
        .press(&page, "C’est bien mon adresse", &[])
        .await;
    confirmed.must_say("Votre adresse est confirmée");
    head.at("/equipe").await.must_say("Inviter un membre");
}

#[tokio::test]
async fn ids_of_nobody_are_not_found_and_working_alone_is_noted() {
    let demo = Demo::start().await;
    let head = Head::arrives(&demo).await;
    let nobody = "0192f0c1-8c5e-7b7a-9d6c-1f2e3d4c5b6a";
    for path in [
        format!("/equipe/invitations/{nobody}/renvoyer"),
        format!("/equipe/invitations/{nobody}/annuler"),
        format!("/equipe/membres/{nobody}/retirer"),
        "/equipe/membres/pas-un-id/retirer".to_owned(),
    ] {
        let action = format!("{}{path}", head.space);
        head.browser
            .post(&head.home, &action, &[])
            .await
            .must_be(404);
    }
    let elsewhere = format!("/espace/{nobody}/equipe");
    head.browser.get(&elsewhere).await.must_be(404);

    head.home.must_say("Invitez les collègues");
    let alone = format!("{}/equipe/seul", head.space);
    let home = head.browser.post(&head.home, &alone, &[]).await;
    home.must_say("C’est noté")
        .must_say("L’équipe est en place");
    head.at("/documentation")
        .await
        .must_be(200)
        .must_say("De l’invitation au premier parcours");
}
