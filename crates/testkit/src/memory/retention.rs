//! What is past its time, and the daily turn.

use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::Date;
use pix_orga_domain::ids::StudentId;
use pix_orga_domain::retention::Expired;
use pix_orga_domain::retention::doubt::LAST_TURN_AHEAD_MAX;
use pix_orga_domain::retention::store::{Departed, RetentionStore, Turn};
use pix_orga_domain::roster::due::DueToLeave;
use pix_orga_domain::roster::forgetting::{Forgetting, Trace};
use pix_orga_domain::roster::{Presence, Student};
use pix_orga_domain::session::Subject;
use pix_orga_domain::store::{Failure, RecordError};

use super::{MemoryStore, State};

/// Who holds the daily job, and when it was last done.
#[derive(Clone, Default)]
pub(super) struct Job {
    turn: i64,
    held_until: Option<Timestamp>,
    done_at: Option<Timestamp>,
}

/// Takes `limit` things at most that are past their time out of a list.
pub(super) fn take<T>(things: &mut Vec<T>, limit: usize, past: impl Fn(&T) -> bool) -> u64 {
    let before = things.len();
    let mut left = limit;
    things.retain(|thing| {
        let goes = left > 0 && past(thing);
        left -= usize::from(goes);
        !goes
    });
    (before - things.len()) as u64
}

impl State {
    fn delete(&mut self, expired: Expired, limit: usize) -> u64 {
        match expired {
            Expired::StagedFiles { .. } | Expired::Inverses { .. } | Expired::Reports { .. } => {
                self.imports.delete(expired, limit)
            }
            Expired::Invitations { ended_before } => take(&mut self.invitations, limit, |row| {
                row.ended_before(ended_before)
            }),
            Expired::PupilAccounts { unseen_since } => self.delete_pupils(unseen_since, limit),
            Expired::Sessions {
                over_at,
                idle_since,
            } => take(&mut self.sessions, limit, |session| {
                session.ends_at <= over_at || session.last_seen_at <= idle_since
            }),
            Expired::AccountLinks { expired_before } => {
                take(&mut self.account_links, limit, |link| {
                    link.expires_at < expired_before
                })
            }
            Expired::Tries { before } => take(&mut self.tries, limit, |(_, at)| *at < before),
            Expired::SpentProofs { usable_before } => {
                let mut spent: Vec<_> = self.spent.drain().collect();
                let deleted = take(&mut spent, limit, |(_, until)| *until < usable_before);
                self.spent = spent.into_iter().collect();
                deleted
            }
            Expired::BegunSignIns { over_at } => {
                take(&mut self.begun, limit, |begun| begun.until <= over_at)
            }
            Expired::Mails { settled_before } => {
                let carrying: Vec<_> = self
                    .invitations
                    .iter()
                    .flat_map(super::invitation::Row::mails)
                    .collect();
                self.outbox.delete(settled_before, &carrying, limit)
            }
            Expired::AuditEntries { before } => {
                take(&mut self.audit, limit, |entry| entry.at < before)
            }
        }
    }

    fn delete_pupils(&mut self, unseen_since: Timestamp, limit: usize) -> u64 {
        let past = |pupil: &&pix_orga_domain::pupil::PupilAccount| {
            pupil.signed_in_at < unseen_since && !self.is_linked(pupil.id)
        };
        let gone: Vec<_> = self
            .pupils
            .values()
            .filter(past)
            .map(|pupil| pupil.id)
            .collect();
        let gone = &gone[..gone.len().min(limit)];
        for pupil in gone {
            self.delete_pupil(*pupil);
        }
        gone.len() as u64
    }

    /// Pupils written as present whose leave date is before a day, with that date.
    fn due_to_leave(&self, day: Date) -> impl Iterator<Item = (&Student, Date)> {
        let students = self.rosters.values().flat_map(|roster| &roster.students);
        students.filter_map(move |student| match student.presence {
            Presence::Present {
                leaves_on: Some(on),
            } if on < day => Some((student, on)),
            _ => None,
        })
    }

    fn departed(&self, on: Date) -> impl Iterator<Item = &Student> {
        let students = self.rosters.values().flat_map(|roster| &roster.students);
        students.filter(
            move |student| matches!(student.presence, Presence::Left { on: left } if left <= on),
        )
    }

    /// Anonymous rows answer to nothing: here they are not kept at all.
    pub(super) fn record_forgetting(&mut self, forgetting: &Forgetting) -> Result<(), RecordError> {
        let school = forgetting.organization_id;
        let mut roster = self.roster(school);
        if roster.revision != forgetting.expected {
            return Err(RecordError::Stale);
        }
        let there = |student: &StudentId| roster.students.iter().any(|one| one.id == *student);
        let students: Vec<StudentId> = forgetting.students.iter().copied().filter(there).collect();
        for student in &students {
            let accounts = self.accounts_of(*student);
            for account in &accounts {
                self.leave_school(school, *account);
            }
            self.delete_links(*student);
            for account in accounts {
                if forgetting.trace == Trace::Nothing && !self.is_linked(account) {
                    self.delete_pupil(account);
                    self.close_all(Subject::Pupil(account));
                }
            }
        }
        roster.students.retain(|one| {
            let goes = forgetting.trace == Trace::Nothing || !one.presence.is_present();
            !(goes && students.contains(&one.id))
        });
        roster.revision = roster.revision.next();
        roster.undoable = None;
        self.rosters.insert(school, roster);
        self.imports.forget(school, &forgetting.reports);
        if forgetting.trace == Trace::Nothing {
            self.imports.forget_file_names(school);
        }
        Ok(self.note(&forgetting.audit)?)
    }
}

#[async_trait]
impl RetentionStore for MemoryStore {
    async fn claim(
        &self,
        now: Timestamp,
        lease: Timestamp,
        due: Timestamp,
    ) -> Result<Option<Turn>, Failure> {
        self.write::<_, Failure>(|state| {
            let job = &mut state.daily_job;
            let longest = lease + LAST_TURN_AHEAD_MAX;
            if job
                .held_until
                .is_some_and(|until| until > now && until <= longest)
                || job.done_at.is_some_and(|at| at >= due)
            {
                return Ok(None);
            }
            job.turn += 1;
            job.held_until = Some(lease);
            Ok(Some(Turn(job.turn)))
        })
    }

    async fn last_done(&self) -> Result<Option<Timestamp>, Failure> {
        Ok(self.read(|state| state.daily_job.done_at))
    }

    async fn vouch(&self, at: Timestamp) -> Result<(), Failure> {
        self.write(|state| {
            state.daily_job.done_at = Some(at);
            state.daily_job.held_until = None;
            Ok(())
        })
    }

    async fn hold(&self, turn: Turn, lease: Timestamp) -> Result<bool, Failure> {
        self.write::<_, Failure>(|state| {
            let job = &mut state.daily_job;
            let held = job.turn == turn.0 && job.held_until.is_some();
            if held {
                job.held_until = Some(lease);
            }
            Ok(held)
        })
    }

    async fn finish(&self, turn: Turn, at: Timestamp) -> Result<(), Failure> {
        self.write::<_, Failure>(|state| {
            let job = &mut state.daily_job;
            if job.turn == turn.0 && job.held_until.is_some() {
                job.held_until = None;
                job.done_at = Some(at);
            }
            Ok(())
        })
    }

    async fn count(&self, expired: Expired) -> Result<u64, Failure> {
        Ok(self.read(|state| state.clone().delete(expired, usize::MAX)))
    }

    async fn delete(&self, expired: Expired, limit: u32) -> Result<u64, Failure> {
        self.write(|state| Ok(state.delete(expired, limit as usize)))
    }

    async fn count_due_to_leave(&self, day: Date) -> Result<u64, Failure> {
        Ok(self.read(|state| state.due_to_leave(day).count() as u64))
    }

    async fn due_to_leave(&self, day: Date, limit: u32) -> Result<Option<DueToLeave>, Failure> {
        Ok(self.read(|state| {
            let (first, _) = state.due_to_leave(day).next()?;
            let school = first.organization_id;
            let of_school = state
                .due_to_leave(day)
                .filter(|(student, _)| student.organization_id == school);
            Some(DueToLeave {
                organization_id: school,
                roster: state.roster(school).revision,
                students: of_school
                    .take(limit as usize)
                    .map(|(student, on)| (student.id, on))
                    .collect(),
            })
        }))
    }

    async fn count_departed(&self, on: Date) -> Result<u64, Failure> {
        let after = on.tomorrow().map_err(Failure::new)?;
        Ok(self.read(|state| {
            let due = state.due_to_leave(after).count();
            (state.departed(on).count() + due) as u64
        }))
    }

    async fn departed(&self, on: Date, limit: u32) -> Result<Option<Departed>, Failure> {
        Ok(self.read(|state| {
            let organization_id = state.departed(on).next()?.organization_id;
            let of_school = state
                .departed(on)
                .filter(|student| student.organization_id == organization_id);
            Some(Departed {
                organization_id,
                roster: state.roster(organization_id).revision,
                students: of_school.take(limit as usize).cloned().collect(),
            })
        }))
    }
}
