//! Links between a pupil's account and a student, and what changes them: each decided whole, written once.

use jiff::{SignedDuration, Timestamp};

use super::decision::Designated;
use super::requests::Settlement;
use super::tries::Try;
use crate::audit::{Action, Actor, AuditEntry};
use crate::campaign::Participation;
use crate::chance::{Chance, new_id};
use crate::ids::{AccountId, LinkId, OrganizationId, PupilId, StudentId};
use crate::store::Revision;
use crate::team::Member;

/// A moved link can be moved back within this time.
pub const MOVE_BACK_MAX: SignedDuration = SignedDuration::from_hours(30 * 24);
/// The longest reason for an unlinking, in characters.
pub const REASON_CHARS_MAX: usize = 300;
/// The rule the audit trail names when a person linked.
pub const RULE_BY_PERSON: &str = "by_person";

crate::refusals! {
    /// Why a link or a request is left as it is.
    LinkingRefusal {
        /// Only an administrator may.
        RoleInsufficient = "role_insufficient",
        /// No such request in this school.
        RequestNotFound = "request_not_found",
        /// Somebody settled it, or the pupil was linked since.
        RequestAlreadySettled = "request_already_settled",
        /// No such student present in this school.
        StudentNotFound = "student_not_found",
        /// Another account is linked to the student.
        AlreadyLinked = "already_linked",
        /// The pupil's account is linked to another student of this school.
        PupilAlreadyLinked = "pupil_already_linked",
        /// No account is linked to the student.
        NotLinked = "not_linked",
        /// Unlinking wants a reason.
        ReasonMissing = "reason_missing",
        /// The reason has more than [`REASON_CHARS_MAX`] characters.
        ReasonTooLong = "reason_too_long",
        /// The link was not moved, or more than [`MOVE_BACK_MAX`] ago.
        MoveExpired = "move_expired",
        /// No move was chosen.
        NothingChosen = "nothing_chosen",
        /// More than [`super::moving::MOVES_AT_ONCE_MAX`] moves were chosen.
        TooManyMoves = "too_many_moves",
        /// The evidence or the link is no longer what the person saw.
        MoveUncertain = "move_uncertain",
    }
}

/// A link that holds. In a school, a student has one at most, and so has an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StudentLink {
    /// Its id.
    pub id: LinkId,
    /// The school.
    pub organization_id: OrganizationId,
    /// The student.
    pub student_id: StudentId,
    /// The account.
    pub pupil_id: PupilId,
    /// Since when.
    pub linked_at: Timestamp,
    /// The account it was moved from, then.
    pub moved_from: Option<PupilId>,
}

/// A link to write, while the roster is the one it was decided on and neither side is linked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Linking {
    /// The link.
    pub link: StudentLink,
    /// The roster's revision that the evidence was read on.
    pub roster: Revision,
    /// The campaign entered with it.
    pub participation: Option<Participation>,
    /// The try it comes from; none when carried or linked by a person.
    pub counted: Option<Try>,
    /// The request it settles.
    pub settles: Option<Settlement>,
    /// Written with it.
    pub audit: AuditEntry,
}

/// A link to end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unlinking {
    /// The link, which must still hold.
    pub link: StudentLink,
    /// When.
    pub at: Timestamp,
    /// Written with it.
    pub audit: AuditEntry,
}

/// A link to move to another account: the former one ends, what it entered in this school follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkMove {
    /// The former link, which must still hold.
    pub former: StudentLink,
    /// The new one.
    pub link: StudentLink,
    /// The campaign entered with it.
    pub participation: Option<Participation>,
    /// The request it settles.
    pub settles: Option<Settlement>,
    /// Written with it.
    pub audit: AuditEntry,
}

/// In whose name, when, and with whose randomness a link is decided.
#[derive(Clone, Copy)]
pub struct Hand<'a> {
    /// Who.
    pub actor: Actor,
    /// Randomness.
    pub chance: &'a dyn Chance,
    /// When.
    pub now: Timestamp,
}

impl<'a> Hand<'a> {
    /// A member's.
    pub fn of(member: &Member, chance: &'a dyn Chance, now: Timestamp) -> Self {
        Self {
            actor: Actor::Account(member.account.id),
            chance,
            now,
        }
    }

    /// A pupil's own.
    pub fn own(pupil: PupilId, chance: &'a dyn Chance, now: Timestamp) -> Self {
        Self {
            actor: Actor::Pupil(pupil),
            chance,
            now,
        }
    }

    /// The member, when it is one.
    pub const fn account(&self) -> Option<AccountId> {
        match self.actor {
            Actor::Account(account) => Some(account),
            _ => None,
        }
    }

    pub(super) fn entry(&self, school: OrganizationId, action: Action) -> AuditEntry {
        AuditEntry::new(school, self.actor, action, self.chance, self.now)
    }

    fn link(&self, school: OrganizationId, student: StudentId, pupil: PupilId) -> StudentLink {
        StudentLink {
            id: LinkId(new_id(self.chance, self.now)),
            organization_id: school,
            student_id: student,
            pupil_id: pupil,
            linked_at: self.now,
            moved_from: None,
        }
    }
}

impl Linking {
    /// A link that the evidence commands. The audit keeps the rule and the levels, never the date typed.
    pub fn by_evidence(
        school: OrganizationId,
        pupil: PupilId,
        designated: &Designated,
        roster: Revision,
        hand: Hand<'_>,
    ) -> Self {
        let (rule, levels) = (designated.rule.code().to_owned(), designated.levels.code());
        Self::new(
            school,
            designated.student_id,
            pupil,
            roster,
            (rule, levels),
            hand,
        )
    }

    /// A link that a person decides. `levels` is what the evidence says of the student they chose, empty for nothing.
    pub fn by_person(
        school: OrganizationId,
        pupil: PupilId,
        student: StudentId,
        roster: Revision,
        levels: String,
        hand: Hand<'_>,
    ) -> Self {
        let because = (RULE_BY_PERSON.to_owned(), levels);
        Self::new(school, student, pupil, roster, because, hand)
    }

    fn new(
        school: OrganizationId,
        student: StudentId,
        pupil: PupilId,
        roster: Revision,
        (rule, levels): (String, String),
        hand: Hand<'_>,
    ) -> Self {
        let action = Action::StudentLinked {
            student,
            pupil,
            rule,
            levels,
        };
        Self {
            link: hand.link(school, student, pupil),
            roster,
            participation: None,
            counted: None,
            settles: None,
            audit: hand.entry(school, action),
        }
    }
}

impl StudentLink {
    /// Decides that the link ends, for a reason.
    ///
    /// # Errors
    /// `reason_missing`, `reason_too_long`.
    pub fn end(&self, reason: &str, hand: Hand<'_>) -> Result<Unlinking, LinkingRefusal> {
        let reason = reason.split_whitespace().collect::<Vec<_>>().join(" ");
        if reason.is_empty() {
            return Err(LinkingRefusal::ReasonMissing);
        }
        if reason.chars().count() > REASON_CHARS_MAX {
            return Err(LinkingRefusal::ReasonTooLong);
        }
        let action = Action::StudentUnlinked {
            student: self.student_id,
            pupil: self.pupil_id,
            reason,
        };
        Ok(Unlinking {
            link: *self,
            at: hand.now,
            audit: hand.entry(self.organization_id, action),
        })
    }

    /// Decides that the link goes to another account of the same pupil.
    ///
    /// # Errors
    /// `already_linked` when it is that account's already.
    pub fn move_to(&self, pupil: PupilId, hand: Hand<'_>) -> Result<LinkMove, LinkingRefusal> {
        if pupil == self.pupil_id {
            return Err(LinkingRefusal::AlreadyLinked);
        }
        let link = StudentLink {
            moved_from: Some(self.pupil_id),
            ..hand.link(self.organization_id, self.student_id, pupil)
        };
        Ok(self.moved(link, hand))
    }

    /// Decides that a moved link goes back to the account it came from.
    ///
    /// # Errors
    /// `move_expired` when it was not moved, or too long ago.
    pub fn move_back(&self, hand: Hand<'_>) -> Result<LinkMove, LinkingRefusal> {
        let former = self
            .moved_from
            .filter(|_| self.can_move_back(hand.now))
            .ok_or(LinkingRefusal::MoveExpired)?;
        let link = hand.link(self.organization_id, self.student_id, former);
        Ok(self.moved(link, hand))
    }

    /// Whether it was moved, lately enough to be moved back.
    pub fn can_move_back(&self, now: Timestamp) -> bool {
        self.moved_from.is_some() && now.duration_since(self.linked_at) <= MOVE_BACK_MAX
    }

    fn moved(&self, link: StudentLink, hand: Hand<'_>) -> LinkMove {
        let action = Action::LinkMoved {
            student: self.student_id,
            from: self.pupil_id,
            to: link.pupil_id,
        };
        LinkMove {
            former: *self,
            link,
            participation: None,
            settles: None,
            audit: hand.entry(self.organization_id, action),
        }
    }
}

#[cfg(test)]
mod tests;
