use super::onboarding::{OnboardingFacts, OnboardingState};
use super::*;
use crate::testing::{email, school, uai};

/// A collège of the Tarn (Toulouse), a section attached to another, a school of Lyon.
fn facts(nature: &str, mother: Option<&str>) -> DirectoryFacts {
    DirectoryFacts {
        nature: nature.to_owned(),
        mother: mother.map(uai),
        ..school().facts
    }
}

#[test]
fn an_address_is_trusted_by_its_domain_and_its_number() {
    use AddressTrust::{ToConfirm, Trusted};
    let mother = "0810003";
    let mother_address = format!("ce.{}@ac-toulouse.fr", uai(mother));
    let cases = [
        ("ce.0810004P@ac-toulouse.fr", "340", None, Trusted),
        ("CE.0810004p@AC-Toulouse.FR", "340", None, Trusted),
        ("0810004p@ac-toulouse.fr", "340", None, Trusted),
        ("secretariat@ac-toulouse.fr", "340", None, ToConfirm),
        ("ce0810004p@ac-toulouse.fr", "340", None, ToConfirm),
        ("ce.0810004p.bis@ac-toulouse.fr", "340", None, ToConfirm),
        ("xce.0810004p@ac-toulouse.fr", "340", None, ToConfirm),
        ("ce.0810004p@ac-lyon.fr", "340", None, ToConfirm),
        ("ce.0810004p@ac-toulouse.fr.invalid", "340", None, ToConfirm),
        (
            "ce.0810004p@ac-toulouse.fr.exemple.fr",
            "340",
            None,
            ToConfirm,
        ),
        ("ce.0810004p@gmail.com", "340", None, ToConfirm),
        (&mother_address, "390", Some(mother), Trusted),
        (&mother_address, "390", None, ToConfirm),
    ];
    for (address, nature, mother, expected) in cases {
        let facts = facts(nature, mother);
        let official = trust(
            uai("0810004"),
            &[],
            &facts,
            &email(address),
            MailDomains::Official,
        );
        assert_eq!(official, expected, "{address} {nature} {mother:?}");
    }
}

/// `educagri.fr` is trusted where the ministry is that of agriculture; nature 307 alone tells it only where the
/// directory names no ministry.
#[test]
fn the_ministry_says_whose_address_may_be_agricultural() {
    use AddressTrust::{ToConfirm, Trusted};
    let (education, agriculture) = (
        "MINISTERE DE L'EDUCATION NATIONALE",
        "MINISTERE DE L'AGRICULTURE",
    );
    let cases = [
        ("300", agriculture, Trusted),
        ("320", agriculture, Trusted),
        ("306", "AGRICULTURE", Trusted),
        ("307", agriculture, Trusted),
        ("307", "", Trusted),
        ("307", education, ToConfirm),
        ("302", education, ToConfirm),
        ("302", "", ToConfirm),
        ("302", "MINISTERE DES ARMEES", ToConfirm),
    ];
    for (nature, ministry, expected) in cases {
        let facts = DirectoryFacts {
            ministry: ministry.to_owned(),
            ..facts(nature, None)
        };
        let address = email("legta.albi@educagri.fr");
        let trust = trust(uai("0810004"), &[], &facts, &address, MailDomains::Official);
        assert_eq!(trust, expected, "{nature} {ministry:?}");
    }
}

#[test]
fn a_state_is_read_whatever_its_case_and_accents() {
    let cases = [
        ("OUVERT", Some(DirectoryState::Open)),
        ("", None),
        ("?", None),
        ("A OUVRIR", Some(DirectoryState::Opening)),
        ("À  ouvrir", Some(DirectoryState::Opening)),
        ("A FERMER", Some(DirectoryState::Closing)),
        ("à fermer ", Some(DirectoryState::Closing)),
        ("FERME", Some(DirectoryState::Closed)),
        ("Fermé", Some(DirectoryState::Closed)),
    ];
    for (said, state) in cases {
        assert_eq!(DirectoryState::read(said), state, "{said:?}");
    }
}

/// The mailbox of a former number lives on for a while.
#[test]
fn the_address_of_a_former_number_is_trusted() {
    let facts = facts("340", None);
    let address = email("ce.0810004P@ac-toulouse.fr");
    let former = [uai("0810004")];
    let trust = |former| {
        trust(
            uai("0810007"),
            former,
            &facts,
            &address,
            MailDomains::Official,
        )
    };
    assert_eq!(trust(&former), AddressTrust::Trusted);
    assert_eq!(trust(&[]), AddressTrust::ToConfirm);
}

#[test]
fn a_demonstration_trusts_fictitious_domains_and_no_real_one() {
    let trust = |address| {
        let facts = facts("340", None);
        trust(
            uai("0810004"),
            &[],
            &facts,
            &email(address),
            MailDomains::Fictitious,
        )
    };
    assert_eq!(
        trust("ce.0810004p@ac-toulouse.fr.invalid"),
        AddressTrust::Trusted
    );
    assert_eq!(trust("ce.0810004p@ac-toulouse.fr"), AddressTrust::ToConfirm);
}

#[test]
fn an_operators_word_holds_as_long_as_the_address_is_the_same() {
    let under = |mail: Option<&str>, former: Option<&OfficialAddress>| {
        let known = former.map(|address| Organization {
            address: address.clone(),
            ..school()
        });
        let facts = DirectoryFacts {
            mail: mail.map(email),
            ..facts("340", None)
        };
        let domains = MailDomains::Official;
        Organization::address_under(uai("0810004"), &facts, known.as_ref(), domains)
    };
    let (personal, other) = ("accueil@college.fr", "autre@college.fr");
    let known = |mail, trust| OfficialAddress::Known(email(mail), trust);
    let confirmed = known(personal, AddressTrust::Confirmed);
    assert_eq!(under(None, Some(&confirmed)), OfficialAddress::Missing);
    assert_eq!(
        under(Some(personal), None),
        known(personal, AddressTrust::ToConfirm)
    );
    assert_eq!(under(Some(personal), Some(&confirmed)), confirmed);
    assert_eq!(
        under(Some(other), Some(&confirmed)),
        known(other, AddressTrust::ToConfirm)
    );
}

#[test]
fn invitations_go_to_addresses_that_are_vouched_for() {
    let mail = email("ce.0810004P@ac-toulouse.fr");
    let may = |address| {
        let school = Organization {
            address,
            ..school()
        };
        school.invitable_address().cloned()
    };
    assert_eq!(may(OfficialAddress::Missing), None);
    let known = |trust| OfficialAddress::Known(mail.clone(), trust);
    assert_eq!(may(known(AddressTrust::ToConfirm)), None);
    assert_eq!(may(known(AddressTrust::Trusted)), Some(mail.clone()));
    assert_eq!(may(known(AddressTrust::Confirmed)), Some(mail.clone()));
}

#[test]
fn lists_show_how_far_a_school_came() {
    type Happen = fn(&mut OnboardingFacts);
    let mut facts = OnboardingFacts::default();
    assert_eq!(facts.furthest(), OnboardingState::Provisioned);
    let road: [(Happen, OnboardingState); 9] = [
        (
            |facts| facts.address_to_confirm = true,
            OnboardingState::AddressToConfirm,
        ),
        (|facts| facts.invited = true, OnboardingState::Invited),
        (
            |facts| facts.invitation_failed = true,
            OnboardingState::InvitationFailed,
        ),
        (|facts| facts.joined = true, OnboardingState::Joined),
        (
            |facts| facts.terms_accepted = true,
            OnboardingState::TermsAccepted,
        ),
        (
            |facts| facts.roster_imported = true,
            OnboardingState::RosterImported,
        ),
        (
            |facts| facts.first_pupil_linked = true,
            OnboardingState::FirstPupilLinked,
        ),
        (|facts| facts.team_ready = true, OnboardingState::TeamReady),
        (|facts| facts.closed = true, OnboardingState::Closed),
    ];
    for (happen, state) in road {
        happen(&mut facts);
        assert_eq!(facts.furthest(), state);
    }
}

/// The facts are independent: a team that is ready before its roster has not come further for it.
#[test]
fn a_team_that_is_ready_first_is_not_the_end_of_the_road() {
    let facts = OnboardingFacts {
        joined: true,
        terms_accepted: true,
        team_ready: true,
        ..OnboardingFacts::default()
    };
    assert_eq!(facts.furthest(), OnboardingState::TermsAccepted);
}
