//! Trying a birth date, the one thing of a claim that the pupil chooses: what comes of a try must say nothing of a
//! student, by its answer nor by the time it takes. Whatever the evidence says, the same is read and one write is made.

use jiff::Timestamp;

use super::{
    Admission, Door, EntryRefusal, Outcome, Reconciliation, Tried, TypedBirthdate, admitted,
    division_of, read_in,
};
use crate::pupil::PupilAccount;
use crate::reconciliation::decision::{Claim, Decision, decide};
use crate::reconciliation::requests::LinkingRequest;
use crate::reconciliation::store::Candidates;
use crate::reconciliation::tries::{Tries, alarm_since, alarms, day_began};
use crate::store::deciding_again;

/// All that a try is decided on, read before the decision: a try that links needs the request, another the misses.
struct Found {
    candidates: Candidates,
    waiting: Option<LinkingRequest>,
    misses: u32,
}

impl Reconciliation {
    /// Tries a birth date. Whatever does not designate one present, unlinked student gets the same answer, by the same
    /// calls to the stores.
    ///
    /// # Errors
    /// Those of [`Self::enter_campaign`]; `birthdate_invalid` and `birthdate_out_of_range`, which do not count as a
    /// try; `attempts_exhausted_today`, `attempts_exhausted`.
    pub async fn submit_birthdate(
        &self,
        pupil: &PupilAccount,
        code: &str,
        typed: &TypedBirthdate,
    ) -> Outcome<Tried> {
        let door = self.door(code).await?;
        deciding_again(|| async {
            let now = self.clock.now();
            if let Some(admitted) = self.straight_in(pupil, &door, now).await? {
                return Ok(Tried::In(admitted));
            }
            let birthdate = read_in(pupil, &door, typed, now)?;
            let tries = self.links.tries(pupil.id, day_began(now)).await?;
            tries.allow().map_err(EntryRefusal::from)?;
            let claim = self.claim(pupil, &door, birthdate).await?;
            let found = self.look_for(pupil, &door, &claim, now).await?;
            self.compare(pupil, &door, &claim, tries, found, now).await
        })
        .await
    }

    async fn look_for(
        &self,
        pupil: &PupilAccount,
        door: &Door,
        claim: &Claim,
        now: Timestamp,
    ) -> Outcome<Found> {
        let school = door.organization.id;
        Ok(Found {
            candidates: self.born_near(door, claim.birthdate).await?,
            waiting: self.waiting(pupil, door).await?,
            misses: self.links.misses(school, alarm_since(now)).await?,
        })
    }

    /// Decides, then writes once.
    async fn compare(
        &self,
        pupil: &PupilAccount,
        door: &Door,
        claim: &Claim,
        tries: Tries,
        found: Found,
        now: Timestamp,
    ) -> Outcome<Tried> {
        let school = door.organization.id;
        let (candidates, roster) = (&found.candidates, found.candidates.roster);
        let Decision::Link(designated) = decide(claim, &candidates.students) else {
            let missed = tries.next(pupil.id, school, true, now);
            self.links.record_miss(&missed).await?;
            return Ok(Tried::Nobody {
                tries_left: tries.left().saturating_sub(1),
                alarm: alarms(found.misses + 1).then_some(school),
            });
        };
        let division = division_of(&designated, candidates);
        let mut linking = self.linking(pupil, door, &designated, roster, found.waiting, now);
        linking.counted = Some(tries.next(pupil.id, school, false, now));
        self.links.record_linking(&linking).await?;
        Ok(Tried::In(admitted(door, Admission::Linked { division })))
    }
}
