//! The audit trail: who did what to which school. Append-only, kept one year.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::chance::{Chance, new_id};
use crate::ids::{
    AccountId, AuditId, CampaignId, ImportId, InvitationId, LinkingRequestId, OrganizationId,
    PupilId, StudentId,
};
use crate::team::Role;
use crate::uai::Uai;

pub mod store;
pub mod use_cases;

/// Who acted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Actor {
    /// A signed-in adult.
    Account(AccountId),
    /// A signed-in pupil.
    Pupil(PupilId),
    /// An operator, by the command line.
    Operator,
    /// The product itself: a daily job, a crash recovered.
    System,
}

/// What was done. Internal ids only: names are looked up when the trail is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case")]
#[expect(
    missing_docs,
    reason = "each field is the id or the value its type names"
)]
pub enum Action {
    /// The school was created from the directory.
    OrganizationCreated,
    /// The directory's facts changed.
    OrganizationUpdated,
    /// Another UAI replaced the school's.
    UaiReplaced { from: Uai, to: Uai },
    /// An operator vouched for the official address.
    AddressConfirmed,
    /// An operator allowed one more import under the `once` policy.
    ImportAllowed,
    /// An administrator said that they work alone for now.
    WorksAlone,
    /// An invitation was sent for the first time.
    InvitationSent { invitation: InvitationId },
    /// An invitation got a new link.
    InvitationResent { invitation: InvitationId },
    /// An invitation was cancelled.
    InvitationCancelled { invitation: InvitationId },
    /// An invitation was accepted.
    InvitationAccepted {
        invitation: InvitationId,
        account: AccountId,
        role: Role,
    },
    /// Somebody asked the school's link to be sent again (« Je n'ai rien reçu »).
    LinkAskedAgain,
    /// A member's role changed.
    RoleChanged { account: AccountId, role: Role },
    /// A member was removed, or left.
    MemberRemoved { account: AccountId },
    /// Pix Orga's terms were accepted.
    TermsAccepted { version: String },
    /// A roster was written.
    RosterImported { import: ImportId },
    /// The last import was undone.
    ImportUndone { import: ImportId },
    /// A waiting plan was abandoned.
    ImportAbandoned { import: ImportId },
    /// Pupils whose leave date had passed left.
    StudentsLeft { count: u32 },
    /// Pupils who left were made anonymous.
    StudentsAnonymised { count: u32 },
    /// All that is known of a pupil was handed out.
    StudentExported { student: StudentId },
    /// A pupil was erased.
    StudentErased { student: StudentId },
    /// A campaign was created.
    CampaignCreated { campaign: CampaignId },
    /// A campaign's texts were edited.
    CampaignEdited { campaign: CampaignId },
    /// A campaign was archived.
    CampaignArchived { campaign: CampaignId },
    /// An archived campaign was opened again.
    CampaignReopened { campaign: CampaignId },
    /// A pupil's account was linked to a student.
    StudentLinked {
        student: StudentId,
        pupil: PupilId,
        rule: String,
        levels: String,
    },
    /// A link was ended, with the reason typed.
    StudentUnlinked {
        student: StudentId,
        pupil: PupilId,
        reason: String,
    },
    /// A link moved to a pupil's new GAR identity.
    LinkMoved {
        student: StudentId,
        from: PupilId,
        to: PupilId,
    },
    /// A pupil asked a person to link them.
    LinkingAsked { request: LinkingRequestId },
    /// A request was refused.
    LinkingRefused { request: LinkingRequestId },
}

/// One line of the trail: a field of the decision that causes it, written with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Its id.
    pub id: AuditId,
    /// The school.
    pub organization_id: OrganizationId,
    /// When, UTC.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// What.
    pub action: Action,
}

impl AuditEntry {
    /// A new line, at this instant.
    pub fn new(
        organization_id: OrganizationId,
        actor: Actor,
        action: Action,
        chance: &dyn Chance,
        now: Timestamp,
    ) -> Self {
        Self {
            id: AuditId(new_id(chance, now)),
            organization_id,
            at: now,
            actor,
            action,
        }
    }
}
