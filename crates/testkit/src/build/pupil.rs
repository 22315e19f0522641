//! Pupils, campaigns and links to start a test from.

use jiff::SignedDuration;
use pix_orga_domain::audit::Actor;
use pix_orga_domain::campaign::store::{ParticipantsPage, ParticipantsQuery};
use pix_orga_domain::campaign::{Campaign, CampaignChange, CampaignForm, Participation};
use pix_orga_domain::ids::PupilId;
use pix_orga_domain::organization::Organization;
use pix_orga_domain::pupil::contract::{Attribute, Contract};
use pix_orga_domain::pupil::profile::Profile;
use pix_orga_domain::pupil::sign_in::{FederatedIdentity, ProviderSession};
use pix_orga_domain::pupil::{Ido, PupilAccount, SignedIn};
use pix_orga_domain::reconciliation::decision::{Decision, Near, NearReason};
use pix_orga_domain::reconciliation::evidence::{Level, Levels};
use pix_orga_domain::reconciliation::linking::{Hand, Linking};
use pix_orga_domain::reconciliation::requests::{Asking, LinkingRequest, Question};
use pix_orga_domain::roster::Student;
use pix_orga_domain::roster::reading::StudentRow;
use pix_orga_domain::store::Revision;
use pix_orga_domain::team::{Member, Role};

use super::Build;
use super::roster::{TODAY, imported, morning};
use crate::stores::Stores;

/// A school with a teacher, an open campaign, and students on its roster.
#[derive(Debug, Clone)]
pub struct Class {
    /// The school.
    pub school: Organization,
    /// Who administers it.
    pub administrator: Member,
    /// Who created the campaign: a member.
    pub teacher: Member,
    /// An open campaign.
    pub campaign: Campaign,
    /// The students, in the order of the rows.
    pub students: Vec<Student>,
    /// The roster's revision.
    pub roster: Revision,
}

impl Class {
    /// A near candidate of a request.
    pub fn near(&self, student: usize) -> Near {
        Near {
            student_id: self.students[student].id,
            reason: NearReason::NamesClose,
            levels: Levels {
                surname: Level::Same,
                first_name: Level::Close,
                given: 0,
                swapped: false,
                division: true,
            },
            already_linked: false,
        }
    }

    /// That a pupil enters the campaign.
    pub fn participation(&self, build: &Build, pupil: PupilId) -> Participation {
        Participation {
            campaign_id: self.campaign.id,
            pupil_id: pupil,
            entered_at: build.now(),
        }
    }

    /// Who entered the campaign, on the day of the files: `limit` after `offset`.
    pub async fn participants(&self, stores: &Stores, offset: u32, limit: u32) -> ParticipantsPage {
        let query = ParticipantsQuery {
            organization_id: self.school.id,
            campaign_id: self.campaign.id,
            on: TODAY,
            present_only: false,
            offset,
            limit,
        };
        stores.campaigns.participants(&query).await.unwrap()
    }

    /// A link by the teacher's hand, not stored.
    pub fn linking(&self, build: &Build, student: usize, pupil: PupilId) -> Linking {
        let hand = Hand::of(&self.teacher, build.chance.as_ref(), build.now());
        let (student, levels) = (self.students[student].id, "3/3".to_owned());
        Linking::by_person(self.school.id, pupil, student, self.roster, levels, hand)
    }

    /// The same, stored.
    pub async fn link(
        &self,
        build: &Build,
        stores: &Stores,
        student: usize,
        pupil: PupilId,
    ) -> Linking {
        let linking = self.linking(build, student, pupil);
        stores.links.record_linking(&linking).await.unwrap();
        linking
    }

    /// What a pupil asks: they typed the date of the first of these students, and each is near.
    pub fn question(&self, students: &[usize], pupil: PupilId) -> Question {
        Question {
            organization_id: self.school.id,
            pupil_id: pupil,
            campaign_id: self.campaign.id,
            birthdate: self.students[students[0]].birthdate,
            decision: Decision::Person {
                near: students.iter().map(|one| self.near(*one)).collect(),
            },
            roster: self.roster,
        }
    }

    /// A request of a pupil, not stored: the student of that number is near.
    pub fn asking(&self, build: &Build, student: usize, pupil: PupilId) -> Asking {
        let question = self.question(&[student], pupil);
        LinkingRequest::ask(None, question, build.hand(Actor::Pupil(pupil)))
    }

    /// The same, stored.
    pub async fn ask(
        &self,
        build: &Build,
        stores: &Stores,
        student: usize,
        pupil: PupilId,
    ) -> LinkingRequest {
        let asking = self.asking(build, student, pupil);
        stores.requests.record_asking(&asking).await.unwrap();
        asking.request
    }
}

impl Build {
    /// Somebody's hand, now.
    pub fn hand(&self, actor: Actor) -> Hand<'_> {
        Hand {
            actor,
            chance: self.chance.as_ref(),
            now: self.now(),
        }
    }

    /// A pupil of a school whom the GAR never signed in before.
    pub fn identity(
        &self,
        school: &Organization,
        last_name: &str,
        first_name: &str,
    ) -> FederatedIdentity {
        FederatedIdentity {
            ido: Ido::parse(&format!("ido-{}", self.number())).unwrap(),
            uais: vec![school.uai.to_string()],
            profile: Some(Profile::Pupil),
            last_name: last_name.to_owned(),
            first_name: first_name.to_owned(),
            divisions: vec!["6A##6EME A".to_owned()],
            authenticated_at: self.now(),
            session: ProviderSession::default(),
        }
    }

    /// A sign-in under a contract that promises the identifier alone, not stored.
    pub fn sign_in(&self, known: Option<&PupilAccount>, identity: &FederatedIdentity) -> SignedIn {
        let now = self.now();
        let contract = Contract::of(&[Attribute::Ido]).unwrap();
        let decided = PupilAccount::sign_in(known, identity, &contract, self.chance.as_ref(), now);
        decided.unwrap().0
    }

    /// A pupil who signed in once, stored.
    pub async fn pupil(
        &self,
        stores: &Stores,
        school: &Organization,
        last_name: &str,
        first_name: &str,
    ) -> PupilAccount {
        let identity = self.identity(school, last_name, first_name);
        let signed_in = self.sign_in(None, &identity);
        stores.pupils.record_sign_in(&signed_in).await.unwrap();
        signed_in.account
    }

    /// A campaign of a member's school, not stored.
    pub fn campaign_creation(&self, by: &Member) -> CampaignChange {
        let form = CampaignForm {
            title: format!("Parcours {}", self.number()),
            introduction: "Bonjour.\n\nÀ vous !".to_owned(),
            destination: "https://app.exemple.invalid/parcours?a=%C3%A9".to_owned(),
        };
        Campaign::create(by, form.check().unwrap(), self.chance.as_ref(), self.now())
    }

    /// The same, stored.
    pub async fn campaign(&self, stores: &Stores, by: &Member) -> Campaign {
        let creation = self.campaign_creation(by);
        stores.campaigns.record(&creation).await.unwrap();
        creation.campaign
    }

    /// A school, a teacher, a campaign, and these pupils on the roster.
    pub async fn class(&self, stores: &Stores, rows: Vec<StudentRow>) -> Class {
        let school = self.school(stores).await;
        let administrator = self.administrator(stores, &school).await;
        let teacher = self.joins(stores, &administrator, Role::Member).await;
        let campaign = self.campaign(stores, &teacher).await;
        let numbers: Vec<String> = rows.iter().map(|row| row.eleve_id.clone()).collect();
        let applied = imported(self, stores, school.id, rows).await;
        // Imports are dated: what comes after them is later.
        let until = morning().duration_since(self.now());
        self.clock.advance(until.max(SignedDuration::ZERO));
        let mut students = applied.inserted;
        students.sort_by_key(|student| numbers.iter().position(|id| *id == student.eleve_id));
        Class {
            school,
            administrator,
            teacher,
            campaign,
            students,
            roster: applied.expected.next(),
        }
    }
}
