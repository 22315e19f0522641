//! Reading the trail of a school.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt;
use std::sync::Arc;

use super::store::AuditStore;
use super::{Action, Actor, AuditEntry};
use crate::ids::{AccountId, InvitationId, StudentId};
use crate::refusal::Denied;
use crate::team::Member;

/// Lines on a page.
pub const PAGE_ROWS: u32 = 50;

crate::refusals! {
    /// Why the trail is not shown.
    AuditRefusal {
        /// Only an administrator may.
        RoleInsufficient = "role_insufficient",
    }
}

/// Whom and what lines name by id, each once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "each field is the ids its name says")]
pub struct Named {
    pub accounts: Vec<AccountId>,
    pub invitations: Vec<InvitationId>,
    pub students: Vec<StudentId>,
}

/// What is known now of those whom lines name by id. Nothing of them shows in `Debug`.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Mentioned {
    /// The names of accounts.
    pub names: HashMap<AccountId, String>,
    /// The addresses of the invitations that are still kept.
    pub addresses: HashMap<InvitationId, String>,
    /// The pupils who still are on the school's list, present or gone.
    pub students: HashSet<StudentId>,
}

impl fmt::Debug for Mentioned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mentioned(…)")
    }
}

/// A page of the trail, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrailPage {
    /// Its lines.
    pub entries: Vec<AuditEntry>,
    /// Whom they name.
    pub mentioned: Mentioned,
    /// Which page it is, from 1.
    pub page: u32,
    /// How many lines there are in all.
    pub total: u32,
}

/// The trails of schools.
pub struct Trails {
    /// Where they are read.
    pub store: Arc<dyn AuditStore>,
}

impl Trails {
    /// A page of the school's trail; the last one when a later one is asked.
    ///
    /// # Errors
    /// `role_insufficient`.
    pub async fn page(&self, by: &Member, page: u32) -> Result<TrailPage, Denied<AuditRefusal>> {
        by.require_administrator(AuditRefusal::RoleInsufficient)?;
        let school = by.organization_id();
        let total = self.store.count(school).await?;
        let page = page.clamp(1, total.div_ceil(PAGE_ROWS).max(1));
        let offset = (page - 1) * PAGE_ROWS;
        let entries = self.store.page(school, offset, PAGE_ROWS).await?;
        let mentioned = self.store.mentioned(school, &Named::by(&entries)).await?;
        Ok(TrailPage {
            entries,
            mentioned,
            page,
            total,
        })
    }
}

impl Named {
    /// Those of these lines.
    fn by(entries: &[AuditEntry]) -> Self {
        Self {
            accounts: once(entries.iter().flat_map(accounts_of)),
            invitations: once(entries.iter().filter_map(invitation_of)),
            students: once(entries.iter().filter_map(student_of)),
        }
    }
}

fn once<T: Ord>(ids: impl Iterator<Item = T>) -> Vec<T> {
    ids.collect::<BTreeSet<T>>().into_iter().collect()
}

fn invitation_of(entry: &AuditEntry) -> Option<InvitationId> {
    match &entry.action {
        Action::InvitationSent { invitation }
        | Action::InvitationResent { invitation }
        | Action::InvitationCancelled { invitation } => Some(*invitation),
        _ => None,
    }
}

fn accounts_of(entry: &AuditEntry) -> impl Iterator<Item = AccountId> {
    let actor = match entry.actor {
        Actor::Account(account) => Some(account),
        Actor::Pupil(_) | Actor::Operator | Actor::System => None,
    };
    let about = match &entry.action {
        Action::InvitationAccepted { account, .. }
        | Action::RoleChanged { account, .. }
        | Action::MemberRemoved { account } => Some(*account),
        _ => None,
    };
    actor.into_iter().chain(about)
}

/// The pupil of the list whom a line is about.
pub fn student_of(entry: &AuditEntry) -> Option<StudentId> {
    match &entry.action {
        Action::StudentLinked { student, .. }
        | Action::StudentUnlinked { student, .. }
        | Action::LinkMoved { student, .. }
        | Action::StudentExported { student }
        | Action::StudentErased { student } => Some(*student),
        _ => None,
    }
}
