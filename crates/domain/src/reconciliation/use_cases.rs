//! What a signed-in pupil does to enter a campaign.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;

use super::birthdate::{BirthdateRange, BirthdateRefusal, dates_to_compare};
use super::carried::carried_link;
use super::decision::{Attendance, Claim, Decision, Designated, decide};
use super::judging::is_exact;
use super::linking::{Hand, Linking};
use super::requests::{LinkingRequest, Question, RequestState};
use super::store::{
    Among, AskingRecordError, Candidates, LinkRecordError, LinkingRequestStore, LinkingStore,
};
use super::tries::{Exhausted, day_began};
use crate::campaign::code::CampaignCode;
use crate::campaign::store::CampaignStore;
use crate::campaign::{Campaign, Participation};
use crate::chance::Chance;
use crate::clock::{Clock, day_in_paris};
use crate::ids::OrganizationId;
use crate::organization::Organization;
use crate::organization::store::OrganizationStore;
use crate::pupil::{Attends, PupilAccount};
use crate::refusal::Denied;
use crate::store::{Revision, deciding_again};

mod trying;

crate::refusals! {
    /// Why a pupil does not go on. None of them says anything about a student.
    EntryRefusal {
        /// No campaign has this code.
        CampaignNotFound = "campaign_not_found",
        /// Nobody enters this campaign any more.
        CampaignArchived = "campaign_archived",
        /// The GAR does not say that the pupil is in the campaign's school.
        WrongSchool = "wrong_school",
        /// The student whom this account is linked to left the school: only what they entered before opens. Said to
        /// nobody else.
        LeftSchool = "left_school",
        /// The three fields are no day of the calendar.
        BirthdateInvalid = "birthdate_invalid",
        /// The day is no pupil's.
        BirthdateOutOfRange = "birthdate_out_of_range",
        /// Five tries found nobody today: tomorrow, or the teacher.
        AttemptsExhaustedToday = "attempts_exhausted_today",
        /// Ten tries found nobody: the teacher.
        AttemptsExhausted = "attempts_exhausted",
    }
}

impl From<BirthdateRefusal> for EntryRefusal {
    fn from(refusal: BirthdateRefusal) -> Self {
        match refusal {
            BirthdateRefusal::Invalid => Self::BirthdateInvalid,
            BirthdateRefusal::OutOfRange => Self::BirthdateOutOfRange,
        }
    }
}

impl From<Exhausted> for EntryRefusal {
    fn from(exhausted: Exhausted) -> Self {
        match exhausted {
            Exhausted::Today => Self::AttemptsExhaustedToday,
            Exhausted::Forever => Self::AttemptsExhausted,
        }
    }
}

impl From<LinkRecordError> for Denied<EntryRefusal> {
    fn from(error: LinkRecordError) -> Self {
        match error {
            LinkRecordError::Failure(failure) => Self::Failure(failure),
            _ => Self::Stale,
        }
    }
}

impl From<AskingRecordError> for Denied<EntryRefusal> {
    fn from(error: AskingRecordError) -> Self {
        match error {
            AskingRecordError::Failure(failure) => Self::Failure(failure),
            _ => Self::Stale,
        }
    }
}

/// The three fields of a birth date, as typed. They never show in `Debug`.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct TypedBirthdate {
    /// Day of the month.
    pub day: String,
    /// Month, a number.
    pub month: String,
    /// Year, four digits.
    pub year: String,
}

impl fmt::Debug for TypedBirthdate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TypedBirthdate(…)")
    }
}

/// A pupil is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admitted {
    /// The campaign they entered.
    pub campaign: Campaign,
    /// Its school.
    pub organization: Organization,
    /// How.
    pub how: Admission,
}

/// How a pupil got in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Admission {
    /// Linked before.
    Already,
    /// Linked now, to the student that their other school knows too.
    Carried {
        /// The class.
        division: String,
    },
    /// Linked now, by the date they typed.
    Linked {
        /// The class.
        division: String,
    },
}

/// What a pupil sees who must check who they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityCheck {
    /// The campaign they want to enter.
    pub campaign: Campaign,
    /// Its school.
    pub organization: Organization,
    /// How many dates they may still try today; none: only the teacher.
    pub tries_left: u32,
    /// What became of their last request, if they made one.
    pub request: Option<RequestState>,
}

/// What a code opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// Straight in.
    In(Box<Admitted>),
    /// Check who you are.
    CheckIdentity(Box<IdentityCheck>),
}

/// What a try gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tried {
    /// In.
    In(Box<Admitted>),
    /// The neutral answer, the same whatever the reason.
    Nobody {
        /// How many dates they may still try today; none: only the teacher.
        tries_left: u32,
        /// The school, when so many tries find nobody there that somebody may be guessing: for who operates the
        /// program, never told to the pupil.
        alarm: Option<OrganizationId>,
    },
}

/// What asking gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// The request waits for a member of the school.
    Waiting,
    /// No need: they are linked.
    In(Box<Admitted>),
}

/// The door a code leads to: an open campaign and its school.
struct Door {
    campaign: Campaign,
    organization: Organization,
}

type Outcome<T> = Result<T, Denied<EntryRefusal>>;

/// What a signed-in pupil does.
pub struct Reconciliation {
    /// Where links live.
    pub links: Arc<dyn LinkingStore>,
    /// Where requests live.
    pub requests: Arc<dyn LinkingRequestStore>,
    /// Where campaigns live.
    pub campaigns: Arc<dyn CampaignStore>,
    /// Where schools live.
    pub organizations: Arc<dyn OrganizationStore>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub chance: Arc<dyn Chance>,
}

impl Reconciliation {
    /// Enters a campaign by its code: straight in for a pupil linked in its school, or linked by the INE that another
    /// of their schools knows; one whose request waits is matched again. Otherwise says to check who they are.
    ///
    /// # Errors
    /// `campaign_not_found`, `campaign_archived`, `wrong_school`, `left_school`.
    pub async fn enter_campaign(&self, pupil: &PupilAccount, code: &str) -> Outcome<Entry> {
        let door = self.door(code).await?;
        deciding_again(|| async {
            let now = self.clock.now();
            if let Some(admitted) = self.straight_in(pupil, &door, now).await? {
                return Ok(Entry::In(admitted));
            }
            require_attends(pupil, &door)?;
            if let Some(admitted) = self.carried_in(pupil, &door, now).await? {
                return Ok(Entry::In(admitted));
            }
            let school = door.organization.id;
            let last = self.requests.last_of(school, pupil.id).await?;
            let tries = self.links.tries(pupil.id, day_began(now)).await?;
            if let Some(admitted) = self.matched_again(pupil, &door, last.as_ref(), now).await? {
                return Ok(Entry::In(admitted));
            }
            Ok(Entry::CheckIdentity(Box::new(IdentityCheck {
                campaign: door.campaign.clone(),
                organization: door.organization.clone(),
                tries_left: tries.left(),
                request: last.map(|request| request.state),
            })))
        })
        .await
    }

    /// Asks a member of the school to link the pupil. One request waits at most: asking again gives it the new date.
    /// It is no try, and links nobody by itself.
    ///
    /// # Errors
    /// Those of [`Self::enter_campaign`]; `birthdate_invalid`, `birthdate_out_of_range`.
    pub async fn ask_teacher(
        &self,
        pupil: &PupilAccount,
        code: &str,
        typed: &TypedBirthdate,
    ) -> Outcome<Asked> {
        let door = self.door(code).await?;
        deciding_again(|| async {
            let now = self.clock.now();
            if let Some(admitted) = self.straight_in(pupil, &door, now).await? {
                return Ok(Asked::In(admitted));
            }
            let birthdate = read_in(pupil, &door, typed, now)?;
            let claim = self.claim(pupil, &door, birthdate).await?;
            let candidates = self.born_near(&door, claim.birthdate).await?;
            let question = Question {
                organization_id: door.organization.id,
                pupil_id: pupil.id,
                campaign_id: door.campaign.id,
                birthdate: claim.birthdate,
                decision: decide(&claim, &candidates.students),
                roster: candidates.roster,
            };
            let waiting = self.waiting(pupil, &door).await?;
            let asking = LinkingRequest::ask(waiting.as_ref(), question, self.hand(pupil, now));
            self.requests.record_asking(&asking).await?;
            Ok(Asked::Waiting)
        })
        .await
    }

    async fn door(&self, code: &str) -> Outcome<Door> {
        let code = CampaignCode::parse(code).map_err(|_| EntryRefusal::CampaignNotFound)?;
        let campaign = self.campaigns.find_by_code(code).await?;
        let campaign = campaign.ok_or(EntryRefusal::CampaignNotFound)?;
        let organization = self.organizations.find(campaign.organization_id).await?;
        let organization = organization
            .filter(|school| school.closed_at.is_none())
            .ok_or(EntryRefusal::CampaignNotFound)?;
        if campaign.archived_at.is_some() {
            return Err(EntryRefusal::CampaignArchived.into());
        }
        Ok(Door {
            campaign,
            organization,
        })
    }

    async fn straight_in(
        &self,
        pupil: &PupilAccount,
        door: &Door,
        now: Timestamp,
    ) -> Outcome<Option<Box<Admitted>>> {
        let school = door.organization.id;
        let Some(link) = self.links.link_of_pupil(school, pupil.id).await? else {
            return Ok(None);
        };
        if self.present(school, link.student_id).await?.is_none() {
            let campaign = door.campaign.id;
            if !self.campaigns.has_entered(campaign, pupil.id).await? {
                return Err(EntryRefusal::LeftSchool.into());
            }
            return Ok(Some(admitted(door, Admission::Already)));
        }
        let participation = participation(pupil, door, now);
        self.campaigns.record_participation(&participation).await?;
        Ok(Some(admitted(door, Admission::Already)))
    }

    async fn carried_in(
        &self,
        pupil: &PupilAccount,
        door: &Door,
        now: Timestamp,
    ) -> Outcome<Option<Box<Admitted>>> {
        let school = &door.organization;
        let elsewhere = self.links.linked_elsewhere(school.id, pupil.id).await?;
        let ines: Vec<_> = elsewhere
            .iter()
            .filter_map(|link| link.ine.clone())
            .collect();
        if ines.is_empty() {
            return Ok(None);
        }
        let among = Among::WithIne(&ines);
        let today = day_in_paris(now);
        let candidates = self.links.candidates(school.id, among, today).await?;
        let numbers: Vec<_> = school.numbers().collect();
        let here = carried_link(&pupil.signed, &numbers, &elsewhere, &candidates.students);
        let Some(designated) = here else {
            return Ok(None);
        };
        let waiting = self.waiting(pupil, door).await?;
        let linking = self.linking(pupil, door, &designated, candidates.roster, waiting, now);
        self.links.record_linking(&linking).await?;
        let division = division_of(&designated, &candidates);
        Ok(Some(admitted(door, Admission::Carried { division })))
    }

    /// Links the pupil whose request waits when the evidence now designates a student exactly, and did not when they
    /// asked: imported, corrected or freed since. Whatever it says short of that, the same is read and nothing written.
    async fn matched_again(
        &self,
        pupil: &PupilAccount,
        door: &Door,
        last: Option<&LinkingRequest>,
        now: Timestamp,
    ) -> Outcome<Option<Box<Admitted>>> {
        let Some(waiting) = last.filter(|request| request.state == RequestState::Pending) else {
            return Ok(None);
        };
        let claim = self.claim(pupil, door, waiting.birthdate).await?;
        let candidates = self.born_near(door, claim.birthdate).await?;
        let decision = decide(&claim, &candidates.students);
        let exact = is_exact(&decision) && !waiting.exact_when_asked;
        let Decision::Link(designated) = decision else {
            return Ok(None);
        };
        if !exact {
            return Ok(None);
        }
        let (roster, waiting) = (candidates.roster, Some(waiting.clone()));
        let linking = self.linking(pupil, door, &designated, roster, waiting, now);
        self.links.record_linking(&linking).await?;
        let division = division_of(&designated, &candidates);
        Ok(Some(admitted(door, Admission::Linked { division })))
    }

    fn linking(
        &self,
        pupil: &PupilAccount,
        door: &Door,
        designated: &Designated,
        roster: Revision,
        waiting: Option<LinkingRequest>,
        now: Timestamp,
    ) -> Linking {
        let (school, hand) = (door.organization.id, self.hand(pupil, now));
        let linking = Linking::by_evidence(school, pupil.id, designated, roster, hand);
        Linking {
            participation: Some(participation(pupil, door, now)),
            settles: waiting.and_then(|request| request.overtaken(now)),
            ..linking
        }
    }

    /// What a pupil says of themself: signed names, and the date they typed. The same is read whatever the date.
    async fn claim(&self, pupil: &PupilAccount, door: &Door, birthdate: Date) -> Outcome<Claim> {
        let school = &door.organization;
        let attendance = match pupil.attends(school) {
            Attends::Here | Attends::Elsewhere => Attendance::Signed,
            Attends::Unsaid => {
                let elsewhere = self.links.linked_elsewhere(school.id, pupil.id).await?;
                Attendance::Unsaid {
                    linked_elsewhere: !elsewhere.is_empty(),
                }
            }
        };
        Ok(Claim {
            last_name: pupil.signed.last_name.clone(),
            first_name: pupil.signed.first_name.clone(),
            divisions: pupil.signed.divisions.clone(),
            birthdate,
            attendance,
        })
    }

    async fn born_near(&self, door: &Door, birthdate: Date) -> Outcome<Candidates> {
        let dates = dates_to_compare(birthdate);
        let among = Among::Born(&dates);
        let (school, today) = (door.organization.id, day_in_paris(self.clock.now()));
        Ok(self.links.candidates(school, among, today).await?)
    }

    async fn waiting(&self, pupil: &PupilAccount, door: &Door) -> Outcome<Option<LinkingRequest>> {
        let last = self
            .requests
            .last_of(door.organization.id, pupil.id)
            .await?;
        Ok(last.filter(|request| request.state == RequestState::Pending))
    }

    fn hand(&self, pupil: &PupilAccount, now: Timestamp) -> Hand<'_> {
        Hand::own(pupil.id, self.chance.as_ref(), now)
    }
}

/// The date that a pupil typed at the door of their school.
fn read_in(
    pupil: &PupilAccount,
    door: &Door,
    typed: &TypedBirthdate,
    now: Timestamp,
) -> Result<Date, EntryRefusal> {
    require_attends(pupil, door)?;
    let range = BirthdateRange::on(day_in_paris(now));
    Ok(range.read(&typed.day, &typed.month, &typed.year)?)
}

/// Where nobody signs the school, it cannot be asked: the evidence must be stronger then.
fn require_attends(pupil: &PupilAccount, door: &Door) -> Result<(), EntryRefusal> {
    match pupil.attends(&door.organization) {
        Attends::Here | Attends::Unsaid => Ok(()),
        Attends::Elsewhere => Err(EntryRefusal::WrongSchool),
    }
}

fn participation(pupil: &PupilAccount, door: &Door, now: Timestamp) -> Participation {
    Participation {
        campaign_id: door.campaign.id,
        pupil_id: pupil.id,
        entered_at: now,
    }
}

fn admitted(door: &Door, how: Admission) -> Box<Admitted> {
    Box::new(Admitted {
        campaign: door.campaign.clone(),
        organization: door.organization.clone(),
        how,
    })
}

fn division_of(designated: &Designated, candidates: &Candidates) -> String {
    let mut students = candidates.students.iter();
    let student = students.find(|student| student.student_id == designated.student_id);
    student
        .map(|student| student.division.clone())
        .unwrap_or_default()
}
