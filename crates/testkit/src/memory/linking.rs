//! Links between pupils' accounts and students, tries and requests.

use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::Date;
use pix_orga_domain::ids::{LinkId, OrganizationId, PupilId, StudentId};
use pix_orga_domain::pupil::PupilAccount;
use pix_orga_domain::reconciliation::carried::LinkedElsewhere;
use pix_orga_domain::reconciliation::decision::Candidate;
use pix_orga_domain::reconciliation::linking::{LinkMove, Linking, StudentLink, Unlinking};
use pix_orga_domain::reconciliation::requests::SeenIdentity;
use pix_orga_domain::reconciliation::store::{Among, Candidates, LinkRecordError, LinkingStore};
use pix_orga_domain::reconciliation::tries::{Tries, Try};
use pix_orga_domain::roster::Student;
use pix_orga_domain::store::{Failure, RecordError};

use super::{MemoryStore, State};

mod forgetting;
mod requests;

pub(super) use requests::Requests;

/// A link, and when it ended.
#[derive(Clone)]
pub(super) struct Row {
    link: StudentLink,
    ended_at: Option<Timestamp>,
}

fn identity(pupil: &PupilAccount) -> SeenIdentity {
    SeenIdentity {
        pupil_id: pupil.id,
        last_name: pupil.signed.last_name.clone(),
        first_name: pupil.signed.first_name.clone(),
        divisions: pupil.signed.divisions.clone(),
        signed_in_at: pupil.signed_in_at,
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap()
}

impl State {
    fn links(&self) -> impl Iterator<Item = &StudentLink> {
        let holding = self.links.iter().filter(|row| row.ended_at.is_none());
        holding.map(|row| &row.link)
    }

    /// The link of an account in a school.
    pub(super) fn link_of_pupil(
        &self,
        organization: OrganizationId,
        pupil: PupilId,
    ) -> Option<StudentLink> {
        let mut links = self.links();
        links
            .find(|link| link.organization_id == organization && link.pupil_id == pupil)
            .copied()
    }

    /// The link of a student.
    pub(super) fn link_of_student(&self, student: StudentId) -> Option<StudentLink> {
        self.links()
            .find(|link| link.student_id == student)
            .copied()
    }

    /// Whether a pupil is linked in a school.
    pub(super) fn has_link(&self, organization: OrganizationId) -> bool {
        let mut links = self.links();
        links.any(|link| link.organization_id == organization)
    }

    fn candidate(&self, student: &Student) -> Candidate {
        Candidate {
            student_id: student.id,
            number: student.number().map(str::to_owned),
            ine: student.ine.clone(),
            last_name: student.last_name.clone(),
            usage_name: student.usage_name.clone(),
            first_name: student.first_name.clone(),
            other_first_names: student.other_first_names.clone(),
            birthdate: student.birthdate,
            division: student.division.clone(),
            present: student.presence.is_present(),
            linked: self.link_of_student(student.id).is_some(),
        }
    }

    fn insert_link(&mut self, link: StudentLink) -> Result<(), LinkRecordError> {
        self.require_organization(link.organization_id)?;
        self.require_pupil(link.pupil_id)?;
        if self
            .student(link.organization_id, link.student_id)
            .is_none()
        {
            return Err(Failure::new("no such student").into());
        }
        if self.link_of_student(link.student_id).is_some() {
            return Err(LinkRecordError::StudentTaken);
        }
        if self
            .link_of_pupil(link.organization_id, link.pupil_id)
            .is_some()
        {
            return Err(LinkRecordError::PupilTaken);
        }
        if self.waits(link.organization_id, link.pupil_id) {
            return Err(LinkRecordError::Stale);
        }
        self.links.push(Row {
            link,
            ended_at: None,
        });
        Ok(())
    }

    fn end_link(&mut self, id: LinkId, at: Timestamp) -> Result<(), LinkRecordError> {
        let mut rows = self.links.iter_mut();
        let row = rows.find(|row| row.link.id == id && row.ended_at.is_none());
        row.ok_or(LinkRecordError::Stale)?.ended_at = Some(at);
        Ok(())
    }

    fn try_once(&mut self, tried: &Try) -> Result<(), RecordError> {
        self.require_pupil(tried.pupil_id)?;
        self.require_organization(tried.organization_id)?;
        let mut made = self.pupil_attempts.iter();
        if made.any(|other| (other.pupil_id, other.rank) == (tried.pupil_id, tried.rank)) {
            return Err(RecordError::Stale);
        }
        self.pupil_attempts.push(*tried);
        Ok(())
    }

    fn link(&mut self, linking: &Linking) -> Result<(), LinkRecordError> {
        let school = linking.link.organization_id;
        if self.roster(school).revision != linking.roster {
            return Err(LinkRecordError::Stale);
        }
        self.close_undoing(school);
        if let Some(settlement) = &linking.settles {
            self.settle_request(settlement)?;
        }
        if let Some(counted) = &linking.counted {
            self.try_once(counted)?;
        }
        self.insert_link(linking.link)?;
        if let Some(participation) = &linking.participation {
            self.enter(participation)?;
        }
        Ok(self.note(&linking.audit)?)
    }

    fn unlink(&mut self, unlinking: &Unlinking) -> Result<(), LinkRecordError> {
        self.close_undoing(unlinking.link.organization_id);
        self.end_link(unlinking.link.id, unlinking.at)?;
        Ok(self.note(&unlinking.audit)?)
    }

    fn move_link(&mut self, moved: &LinkMove) -> Result<(), LinkRecordError> {
        self.close_undoing(moved.link.organization_id);
        self.end_link(moved.former.id, moved.link.linked_at)?;
        if let Some(settlement) = &moved.settles {
            self.settle_request(settlement)?;
        }
        self.insert_link(moved.link)?;
        let entered: Vec<_> = self
            .participations
            .iter()
            .map(|(key, at)| (*key, *at))
            .collect();
        for ((campaign, pupil), at) in entered {
            let here = self.campaigns[&campaign].organization_id == moved.link.organization_id;
            if here && pupil == moved.former.pupil_id {
                self.participations.remove(&(campaign, pupil));
                let first = self
                    .participations
                    .entry((campaign, moved.link.pupil_id))
                    .or_insert(at);
                *first = at.min(*first);
            }
        }
        if let Some(participation) = &moved.participation {
            self.enter(participation)?;
        }
        Ok(self.note(&moved.audit)?)
    }
}

#[async_trait]
impl LinkingStore for MemoryStore {
    async fn link_of_pupil(
        &self,
        organization: OrganizationId,
        pupil: PupilId,
    ) -> Result<Option<StudentLink>, Failure> {
        Ok(self.read(|state| state.link_of_pupil(organization, pupil)))
    }

    async fn link_of_student(
        &self,
        organization: OrganizationId,
        student: StudentId,
    ) -> Result<Option<(StudentLink, SeenIdentity)>, Failure> {
        Ok(self.read(|state| {
            let link = state.link_of_student(student);
            let link = link.filter(|link| link.organization_id == organization)?;
            Some((link, identity(&state.pupils[&link.pupil_id])))
        }))
    }

    async fn links_of_students(
        &self,
        organization: OrganizationId,
        students: &[StudentId],
    ) -> Result<Vec<(StudentLink, SeenIdentity)>, Failure> {
        Ok(self.read(|state| {
            let links = state.links().filter(|link| {
                link.organization_id == organization && students.contains(&link.student_id)
            });
            let held = links.map(|link| (*link, identity(&state.pupils[&link.pupil_id])));
            held.collect()
        }))
    }

    async fn linked_elsewhere(
        &self,
        organization: OrganizationId,
        pupil: PupilId,
    ) -> Result<Vec<LinkedElsewhere>, Failure> {
        Ok(self.read(|state| {
            let links = state.links();
            let elsewhere =
                links.filter(|link| link.pupil_id == pupil && link.organization_id != organization);
            let students = elsewhere.filter_map(|link| {
                let student = state.student(link.organization_id, link.student_id)?;
                Some(LinkedElsewhere {
                    ine: student.ine.clone(),
                    birthdate: student.birthdate,
                })
            });
            students.collect()
        }))
    }

    async fn candidates(
        &self,
        organization: OrganizationId,
        among: Among<'_>,
        on: Date,
    ) -> Result<Candidates, Failure> {
        Ok(self.read(|state| {
            let roster = state.roster(organization);
            let asked = |student: &&Student| match among {
                Among::Born(dates) => dates.contains(&student.birthdate),
                Among::WithIne(numbers) => student
                    .ine
                    .as_ref()
                    .is_some_and(|ine| numbers.contains(ine)),
                Among::Student(id) => student.id == id,
            };
            Candidates {
                roster: roster.revision,
                students: roster
                    .present(on)
                    .filter(asked)
                    .map(|student| state.candidate(student))
                    .collect(),
            }
        }))
    }

    async fn tries(&self, pupil: PupilId, day_began: Timestamp) -> Result<Tries, Failure> {
        Ok(self.read(|state| {
            let own = || {
                state
                    .pupil_attempts
                    .iter()
                    .filter(|tried| tried.pupil_id == pupil)
            };
            let missed = || own().filter(|tried| tried.missed);
            Tries {
                made: number(own().count()),
                missed: number(missed().count()),
                missed_today: number(missed().filter(|tried| tried.at >= day_began).count()),
            }
        }))
    }

    async fn misses(&self, organization: OrganizationId, since: Timestamp) -> Result<u32, Failure> {
        Ok(self.read(|state| {
            let here = state.pupil_attempts.iter().filter(|tried| {
                tried.organization_id == organization && tried.missed && tried.at >= since
            });
            number(here.count())
        }))
    }

    async fn record_miss(&self, missed: &Try) -> Result<(), RecordError> {
        self.write(|state| state.try_once(missed))
    }

    async fn record_linking(&self, linking: &Linking) -> Result<(), LinkRecordError> {
        self.write(|state| state.link(linking))
    }

    async fn record_unlinking(&self, unlinking: &Unlinking) -> Result<(), LinkRecordError> {
        self.write(|state| state.unlink(unlinking))
    }

    async fn record_move(&self, moved: &LinkMove) -> Result<(), LinkRecordError> {
        self.write(|state| state.move_link(moved))
    }
}
