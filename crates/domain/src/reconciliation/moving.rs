//! Many links moved at once: an ENT changed, and every pupil of the school has a new identifier.
//!
//! Only requests that leave no doubt are proposed: one student has exactly these names, that birth date and that class,
//! and is linked to another account. A person chooses among them with both accounts before their eyes; each move is a
//! write of its own, and goes back within [`super::linking::MOVE_BACK_MAX`].

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;

use super::decision::{Candidate, NearReason};
use super::linking::{Hand, LinkMove, LinkingRefusal, StudentLink};
use super::requests::{NearStudent, RequestRecord, RequestState, SeenIdentity, SeenRequest};
use super::settling::{LinkingRequests, Outcome};
use super::store::LinkRecordError;
use crate::campaign::Participation;
use crate::ids::{LinkId, LinkingRequestId};
use crate::names::FoldedName;
use crate::refusal::Denied;
use crate::store::{DECISIONS_MAX, Failure, MaybeStale};
use crate::team::Member;

/// Moves that are proposed, and made, at once.
pub const MOVES_AT_ONCE_MAX: usize = 1_000;
/// Requests that are looked through for them, the oldest ones.
pub const REQUESTS_SEARCHED_MAX: u32 = 3_000;

/// A link that may go to the account that asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposedMove {
    /// The request, and the new account.
    pub asked: RequestRecord,
    /// The student, as the roster has them.
    pub student: Candidate,
    /// Their link.
    pub link: StudentLink,
    /// The account that has it.
    pub former: SeenIdentity,
}

/// Why a move should be looked at by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caution {
    /// The former account signed in after the new one asked: both are in use.
    SeenSince,
    /// The GAR does not sign the same names for both accounts.
    OtherNames,
}

impl Caution {
    /// Its stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::SeenSince => "seen_since",
            Self::OtherNames => "other_names",
        }
    }
}

/// The moves that a page lists, and how many it leaves for the next time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposedMoves {
    /// The oldest requests first, [`MOVES_AT_ONCE_MAX`] at most.
    pub moves: Vec<ProposedMove>,
    /// How many others there are, for the next time.
    pub others: usize,
}

/// A move that a person chose, as it was shown to them: of this request, and of this link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ChosenMove {
    /// The waiting request of the new account.
    pub request: LinkingRequestId,
    /// The link to move: which student, and whose account, they saw.
    pub link: LinkId,
}

/// What became of a move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MoveOutcome {
    /// Done.
    Moved,
    /// A rule said no; the others go on.
    Refused(LinkingRefusal),
    /// The store failed at this one or before: the person asks again.
    NotTried,
}

/// What became of the moves that were chosen.
#[derive(Debug)]
pub struct MovesMade {
    /// Each of them, in the order of the choice.
    pub results: Vec<MoveResult>,
    /// Why some were not tried, for the log.
    pub failure: Option<Failure>,
}

/// What became of a move, and whose it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoveResult {
    /// The move.
    pub chosen: ChosenMove,
    /// Who asked, unless no request of the school has that id.
    pub pupil: Option<SeenIdentity>,
    /// What became of it.
    pub outcome: MoveOutcome,
}

impl ProposedMove {
    /// The move that a request leaves no doubt about, if it does: among present students of that birth date, one has
    /// exactly these names and is in the class, and the link is another account's.
    pub fn of(seen: &SeenRequest) -> Option<Self> {
        let exact = |near: &&NearStudent| {
            near.near.reason == NearReason::SameNames
                && near.near.levels.exact()
                && near.near.levels.division
        };
        let mut exact = seen.near.iter().filter(exact);
        let (near, None) = (exact.next()?, exact.next()) else {
            return None;
        };
        let (link, former) = near.linked_to.clone()?;
        let waits = seen.asked.request.state == RequestState::Pending;
        (waits && link.pupil_id != seen.asked.pupil.pupil_id).then(|| Self {
            asked: seen.asked.clone(),
            student: near.student.clone(),
            link,
            former,
        })
    }

    /// The move as a person chooses it.
    pub const fn chosen(&self) -> ChosenMove {
        ChosenMove {
            request: self.asked.request.id,
            link: self.link.id,
        }
    }

    /// Why it should be looked at by itself; nothing for most.
    pub fn cautions(&self) -> Vec<Caution> {
        let (new, former) = (&self.asked.pupil, &self.former);
        let same = |one: &str, other: &str| FoldedName::of(one).same_as(&FoldedName::of(other));
        let mut cautions = Vec::new();
        if former.signed_in_at > self.asked.request.asked_at {
            cautions.push(Caution::SeenSince);
        }
        if !same(&new.last_name, &former.last_name) || !same(&new.first_name, &former.first_name) {
            cautions.push(Caution::OtherNames);
        }
        cautions
    }
}

/// The moves that these requests leave no doubt about. Two accounts that ask for one student are a doubt about both.
pub fn proposed(seen: &[SeenRequest]) -> Vec<ProposedMove> {
    let mut moves: Vec<_> = seen.iter().filter_map(ProposedMove::of).collect();
    let disputed = disputed(&moves);
    moves.retain(|one| !disputed.contains(&one.link.id));
    moves
}

/// The links that several requests ask for.
fn disputed(moves: &[ProposedMove]) -> HashSet<LinkId> {
    let mut asked = HashSet::new();
    let links = moves.iter().map(|one| one.link.id);
    links.filter(|link| !asked.insert(*link)).collect()
}

impl LinkingRequests {
    /// The moves that waiting requests leave no doubt about, among [`REQUESTS_SEARCHED_MAX`] of them. Any member sees
    /// them; administrators alone make them.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn proposed_moves(&self, member: &Member) -> Result<ProposedMoves, Failure> {
        let mut moves = proposed(&self.search(member).await?);
        let others = moves.len().saturating_sub(MOVES_AT_ONCE_MAX);
        moves.truncate(MOVES_AT_ONCE_MAX);
        Ok(ProposedMoves { moves, others })
    }

    /// Makes moves as they were shown, each a write of its own: one that is refused stops no other.
    ///
    /// # Errors
    /// `role_insufficient`, `nothing_chosen`, `too_many_moves`. Of one move: `request_not_found`,
    /// `request_already_settled`, and `move_uncertain` when it is no longer proposed, or not with the link shown.
    pub async fn move_links(
        &self,
        administrator: &Member,
        chosen: &[ChosenMove],
    ) -> Outcome<MovesMade> {
        administrator.require_administrator(LinkingRefusal::RoleInsufficient)?;
        let mut seen = HashSet::new();
        let chosen: Vec<_> = chosen.iter().filter(|one| seen.insert(**one)).collect();
        if chosen.is_empty() {
            return Err(LinkingRefusal::NothingChosen.into());
        }
        if chosen.len() > MOVES_AT_ONCE_MAX {
            return Err(LinkingRefusal::TooManyMoves.into());
        }
        let waiting = self.search(administrator).await?;
        let moves: Vec<_> = waiting.iter().filter_map(ProposedMove::of).collect();
        let disputed = disputed(&moves);
        let moves = moves.into_iter().map(|one| (one.asked.request.id, one));
        let mut proposed: HashMap<_, _> = moves.collect();
        let mut made = MovesMade {
            results: Vec::with_capacity(chosen.len()),
            failure: None,
        };
        for &chosen in chosen {
            let known = proposed.remove(&chosen.request);
            let mut pupil = known.as_ref().map(|known| known.asked.pupil.clone());
            let outcome = if made.failure.is_some() {
                MoveOutcome::NotTried
            } else {
                let done = self.try_move(administrator, chosen, known, &disputed, &mut pupil);
                match done.await {
                    Ok(()) => MoveOutcome::Moved,
                    Err(Denied::Refused(refusal)) => MoveOutcome::Refused(refusal),
                    Err(Denied::Stale) => MoveOutcome::Refused(LinkingRefusal::MoveUncertain),
                    Err(Denied::Failure(failure)) => {
                        made.failure = Some(failure);
                        MoveOutcome::NotTried
                    }
                }
            };
            made.results.push(MoveResult {
                chosen,
                pupil,
                outcome,
            });
        }
        Ok(made)
    }

    async fn search(&self, member: &Member) -> Result<Vec<SeenRequest>, Failure> {
        let school = member.organization_id();
        let waiting = self.requests.pending(school, REQUESTS_SEARCHED_MAX).await?;
        self.judged(school, waiting).await
    }

    /// Writes it as it is known; stale, it is judged again by itself.
    async fn try_move(
        &self,
        administrator: &Member,
        chosen: ChosenMove,
        mut known: Option<ProposedMove>,
        disputed: &HashSet<LinkId>,
        pupil: &mut Option<SeenIdentity>,
    ) -> Outcome<()> {
        for _ in 0..DECISIONS_MAX {
            let proposal = match known.take() {
                Some(proposal) => proposal,
                None => self.judge_again(administrator, chosen, pupil).await?,
            };
            if proposal.link.id != chosen.link || disputed.contains(&chosen.link) {
                return Err(LinkingRefusal::MoveUncertain.into());
            }
            let moved = self.decide_move(administrator, &proposal, self.clock.now())?;
            match self.links.record_move(&moved).await {
                Ok(()) => return Ok(()),
                Err(LinkRecordError::Failure(failure)) => return Err(failure.into()),
                Err(stale) => debug_assert!(stale.is_stale()),
            }
        }
        Err(Denied::Stale)
    }

    async fn judge_again(
        &self,
        administrator: &Member,
        chosen: ChosenMove,
        pupil: &mut Option<SeenIdentity>,
    ) -> Outcome<ProposedMove> {
        let school = administrator.organization_id();
        let record = self.requests.find(school, chosen.request).await?;
        let record = record.ok_or(LinkingRefusal::RequestNotFound)?;
        *pupil = Some(record.pupil.clone());
        if record.request.state != RequestState::Pending {
            return Err(LinkingRefusal::RequestAlreadySettled.into());
        }
        let seen = self.judged(school, vec![record]).await?;
        let proposal = seen.iter().find_map(ProposedMove::of);
        Ok(proposal.ok_or(LinkingRefusal::MoveUncertain)?)
    }

    fn decide_move(
        &self,
        administrator: &Member,
        proposal: &ProposedMove,
        now: Timestamp,
    ) -> Result<LinkMove, LinkingRefusal> {
        let (request, student) = (&proposal.asked.request, proposal.student.student_id);
        let settlement = request.approve(administrator.account.id, student, now)?;
        let hand = Hand::of(administrator, self.chance.as_ref(), now);
        let mut moved = proposal.link.move_to(request.pupil_id, hand)?;
        moved.settles = Some(settlement);
        let entering = Participation {
            campaign_id: request.campaign_id,
            pupil_id: request.pupil_id,
            entered_at: now,
        };
        moved.participation = Some(entering).filter(|_| !proposal.asked.campaign_archived);
        Ok(moved)
    }
}

#[cfg(test)]
mod tests;
