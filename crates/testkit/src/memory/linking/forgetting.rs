//! What is kept of a pupil's links, and forgotten with them.

use pix_orga_domain::dossier::KeptLink;
use pix_orga_domain::ids::{OrganizationId, PupilId, StudentId};

use crate::memory::State;

impl State {
    /// Whether a link holds an account, in any school.
    pub(in crate::memory) fn is_linked(&self, pupil: PupilId) -> bool {
        self.links().any(|link| link.pupil_id == pupil)
    }

    /// The account linked to a student, and those that link was moved from.
    pub(in crate::memory) fn accounts_of(&self, student: StudentId) -> Vec<PupilId> {
        let rows = self
            .links
            .iter()
            .filter(|row| row.link.student_id == student);
        let accounts = rows.flat_map(|row| {
            let holds = row.ended_at.is_none().then_some(row.link.pupil_id);
            holds.into_iter().chain(row.link.moved_from)
        });
        accounts.collect()
    }

    /// Every link of a student, oldest first.
    pub(in crate::memory) fn kept_links(&self, student: StudentId) -> Vec<KeptLink> {
        let rows = self
            .links
            .iter()
            .filter(|row| row.link.student_id == student);
        let mut links: Vec<_> = rows
            .map(|row| KeptLink {
                id: row.link.id,
                account: row.link.pupil_id,
                linked_at: row.link.linked_at,
                moved_from: row.link.moved_from,
                ended_at: row.ended_at,
            })
            .collect();
        links.sort_by_key(|link| (link.linked_at, link.id));
        links
    }

    /// Forgets what an account entered and asked in a school.
    pub(in crate::memory) fn leave_school(&mut self, organization: OrganizationId, pupil: PupilId) {
        self.linking_requests
            .retain(|request| (request.organization_id, request.pupil_id) != (organization, pupil));
        let campaigns = &self.campaigns;
        self.participations.retain(|(campaign, entered), _| {
            campaigns[campaign].organization_id != organization || *entered != pupil
        });
    }

    /// Deletes every link of a student, and their places among candidates.
    pub(in crate::memory) fn delete_links(&mut self, student: StudentId) {
        self.links.retain(|row| row.link.student_id != student);
        self.linking_requests.forget_student(student);
    }

    /// Deletes the links and the requests of an account.
    pub(in crate::memory) fn forget_pupil(&mut self, pupil: PupilId) {
        self.links.retain(|row| row.link.pupil_id != pupil);
        self.linking_requests
            .retain(|request| request.pupil_id != pupil);
    }
}
