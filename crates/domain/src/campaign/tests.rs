use super::*;
use crate::account::Account;
use crate::email::EmailAddress;
use crate::organization::{
    AddressTrust, DirectoryFacts, DirectoryState, ImportPolicy, OfficialAddress, Organization,
};
use crate::uai::Uai;
use proptest::prelude::*;
use uuid::Uuid;

struct Always(u8);

impl Chance for Always {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(self.0);
    }
}

fn now() -> Timestamp {
    Timestamp::from_second(1_800_000_000).unwrap()
}

fn member(id: u128, role: Role) -> Member {
    let address = EmailAddress::parse("ce.0810004P@ac-demo.invalid").unwrap();
    Member {
        organization: Organization {
            id: OrganizationId(Uuid::from_u128(1)),
            uai: Uai::parse("0810004P").unwrap(),
            former_uais: Vec::new(),
            facts: DirectoryFacts {
                name: "Collège Sophie Germain".into(),
                commune: "Albi".into(),
                mail: Some(address.clone()),
                nature: "340".into(),
                sector: "Public".into(),
                mother: None,
                ministry: String::new(),
                state: DirectoryState::Open,
            },
            address: OfficialAddress::Known(address.clone(), AddressTrust::Trusted),
            import_policy: ImportPolicy::Updatable,
            works_alone_since: None,
            closed_at: None,
            created_at: now(),
            revision: Revision::default(),
        },
        account: Account {
            id: AccountId(Uuid::from_u128(id)),
            email: address,
            first_name: "Anne".into(),
            last_name: "Colin".into(),
            password_hash: String::new(),
            email_confirmed_at: Some(now()),
            created_at: now(),
            revision: Revision::default(),
        },
        role,
    }
}

fn texts(title: &str) -> CampaignTexts {
    let form = CampaignForm {
        title: title.into(),
        ..CampaignForm::default()
    };
    form.check().unwrap()
}

fn created(by: &Member) -> Campaign {
    Campaign::create(by, texts("Bien commencer"), &Always(7), now()).campaign
}

#[test]
fn a_form_says_all_that_is_wrong_at_once() {
    let form = CampaignForm {
        title: " \t ".into(),
        introduction: "é".repeat(INTRODUCTION_CHARS_MAX + 1),
        destination: "ftp://example.org".into(),
    };
    let expected = vec![
        CampaignRefusal::TitleMissing,
        CampaignRefusal::IntroductionTooLong,
        CampaignRefusal::DestinationInvalid,
    ];
    assert_eq!(form.check(), Err(expected));
    let form = CampaignForm {
        title: "é".repeat(TITLE_CHARS_MAX + 1),
        ..CampaignForm::default()
    };
    assert_eq!(form.check(), Err(vec![CampaignRefusal::TitleTooLong]));
}

#[test]
fn texts_are_tidied_and_limits_are_inclusive() {
    let form = CampaignForm {
        title: format!("  {}\u{7}  ", "é".repeat(TITLE_CHARS_MAX)),
        introduction: "\r\nBonjour\r\n\r\nà tous \u{0}".into(),
        destination: "  https://app.example/a?b=é ".into(),
    };
    let texts = form.check().unwrap();
    assert_eq!(texts.title.chars().count(), TITLE_CHARS_MAX);
    assert_eq!(texts.introduction.as_deref(), Some("Bonjour\n\nà tous"));
    let destination = texts.destination.unwrap();
    assert_eq!(destination.as_str(), "https://app.example/a?b=%C3%A9");
}

#[test]
fn only_a_plain_https_address_is_a_destination() {
    for bad in [
        "app.example",
        "http://app.example",
        "https://",
        "https://moi:secret@app.example",
        "https://moi@app.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "//app.example",
        "https://a b.example",
    ] {
        let refusal = Err(CampaignRefusal::DestinationInvalid);
        assert_eq!(Destination::parse(bad), refusal, "{bad}");
    }
    let long = format!("https://app.example/{}", "a".repeat(DESTINATION_BYTES_MAX));
    let refusal = Err(CampaignRefusal::DestinationTooLong);
    assert_eq!(Destination::parse(&long), refusal);
}

#[test]
fn the_owner_and_administrators_keep_it_and_nobody_else() {
    let (owner, other) = (member(1, Role::Member), member(2, Role::Member));
    let administrator = member(3, Role::Administrator);
    let campaign = created(&owner);
    let refused = Err(CampaignRefusal::RoleInsufficient);
    let edit = |by: &Member| campaign.edit(by, texts("Autre"), &Always(1), now());
    assert_eq!(edit(&other), refused);
    assert_eq!(campaign.archive(&other, &Always(1), now()), refused);
    assert_eq!(campaign.reopen(&other, &Always(1), now()), refused);
    for by in [&owner, &administrator] {
        let change = edit(by).unwrap().unwrap();
        assert_eq!(change.expected, Some(campaign.revision));
        assert_eq!(change.campaign.revision, campaign.revision.next());
        assert_eq!(change.campaign.texts.title, "Autre");
        assert_eq!(change.campaign.code, campaign.code);
        assert_eq!(change.audit.actor, Actor::Account(by.account.id));
    }
}

#[test]
fn an_archived_campaign_is_not_edited_until_it_is_reopened() {
    let owner = member(1, Role::Member);
    let campaign = created(&owner);
    let archive = campaign.archive(&owner, &Always(1), now()).unwrap();
    let archived = archive.unwrap().campaign;
    assert_eq!(archived.archived_at, Some(now()));
    let edit = archived.edit(&owner, texts("Autre"), &Always(1), now());
    assert_eq!(edit, Err(CampaignRefusal::Archived));
    assert_eq!(archived.archive(&owner, &Always(1), now()), Ok(None));
    let reopen = archived.reopen(&owner, &Always(1), now()).unwrap();
    let reopened = reopen.unwrap().campaign;
    assert_eq!(reopened.archived_at, None);
    assert_eq!(reopened.reopen(&owner, &Always(1), now()), Ok(None));
    let same = reopened.edit(&owner, reopened.texts.clone(), &Always(1), now());
    assert_eq!(same, Ok(None));
}

#[test]
fn debug_hides_participants() {
    let participant = Participant {
        student_id: StudentId(uuid::Uuid::from_u128(1)),
        left_on: None,
        last_name: "Colin".into(),
        first_name: "Anne".into(),
        division: "3A".into(),
        entered_at: now(),
    };
    assert!(!format!("{participant:?}").contains("Colin"));
}

proptest! {
    #[test]
    fn what_is_accepted_is_accepted_again_and_unchanged(
        title in ".{0,130}", introduction in "(?s).{0,60}", destination in "(https://[a-z]{1,9}\\.fr/[^ ]{0,9})?",
    ) {
        if let Ok(texts) = (CampaignForm { title, introduction, destination }).check() {
            let again = CampaignForm {
                title: texts.title.clone(),
                introduction: texts.introduction.clone().unwrap_or_default(),
                destination: texts.destination.as_ref().map(|d| d.as_str().to_owned()).unwrap_or_default(),
            };
            prop_assert_eq!(again.check(), Ok(texts));
        }
    }
}
