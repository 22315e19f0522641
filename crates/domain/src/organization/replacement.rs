//! A school's number that another replaces: a merger, a renumbering. The space stays, with its pupils, links, team and
//! history; the former number answers with the new one.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;

use super::directory::sifting::RowRemark;
use super::ministry::SEGPA_NATURE;
use super::onboarding::OnboardingFacts;
use super::{DirectoryState, Organization};
use crate::academy;
use crate::audit::{Action, Actor, AuditEntry};
use crate::chance::Chance;
use crate::ids::OrganizationId;
use crate::names::fold_for_search;
use crate::store::Revision;
use crate::uai::Uai;

/// Natures of collèges; the others in scope are lycées, SEGPA apart.
const COLLEGES: [&str; 3] = ["340", "350", "352"];

/// A school under its new number, decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UaiReplacement {
    /// The school as it must be. Its `revision` is the new one.
    pub organization: Organization,
    /// The revision it was decided on.
    pub expected: Revision,
    /// The number that is former now.
    pub former: Uai,
    /// Since when.
    pub replaced_at: Timestamp,
    /// The school that was provisioned under the new number, where nobody ever worked: it goes, with its invitations.
    pub gives_way: Option<GivesWay>,
    /// The audit entry, written in the same write.
    pub audit: AuditEntry,
}

/// A school that goes because another takes its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GivesWay {
    /// Which.
    pub id: OrganizationId,
    /// The revision it was found blank at.
    pub expected: Revision,
}

/// What giving a number to a school comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Replacing {
    /// To be written.
    Write(Box<UaiReplacement>),
    /// The school has that number already.
    AlreadyDone,
    /// Another school has, or had, the number, and is more than an entry of the directory.
    InUse,
}

/// Who has, or had, a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holder<'a> {
    /// The school that answers to the number today.
    pub school: &'a Organization,
    /// Whether nobody ever worked in it: no member, list, parcours nor pupil.
    pub blank: bool,
}

impl Organization {
    /// The number it has, then those it had, the latest last.
    pub fn numbers(&self) -> impl Iterator<Item = Uai> {
        std::iter::once(self.uai).chain(self.former_uais.iter().copied())
    }

    /// Decides that a number replaces this school's.
    pub fn replace_uai(
        &self,
        new: Uai,
        holder: Option<Holder<'_>>,
        chance: &dyn Chance,
        now: Timestamp,
    ) -> Replacing {
        if self.uai == new {
            return Replacing::AlreadyDone;
        }
        let gives_way = match holder {
            None => None,
            Some(holder) if holder.school.id == self.id => None,
            Some(holder) if holder.blank && holder.school.uai == new => Some(GivesWay {
                id: holder.school.id,
                expected: holder.school.revision,
            }),
            Some(_) => return Replacing::InUse,
        };
        let former = self.former_uais.iter().copied().filter(|uai| *uai != new);
        let organization = Self {
            uai: new,
            former_uais: former.chain([self.uai]).collect(),
            revision: self.revision.next(),
            ..self.clone()
        };
        let action = Action::UaiReplaced {
            from: self.uai,
            to: new,
        };
        Replacing::Write(Box::new(UaiReplacement {
            organization,
            expected: self.revision,
            former: self.uai,
            replaced_at: now,
            gives_way,
            audit: AuditEntry::new(self.id, Actor::Operator, action, chance, now),
        }))
    }
}

/// A school, and how far it came.
pub type Known = (Organization, OnboardingFacts);

/// What stays of a school when its number changes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Likeness {
    name: String,
    commune: String,
    level: Level,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Level {
    College,
    Lycee,
    Segpa,
}

impl Likeness {
    /// Nothing for a school without a town: its département is too wide.
    fn of(school: &Organization) -> Option<Self> {
        let facts = &school.facts;
        let level = match facts.nature.as_str() {
            SEGPA_NATURE => Level::Segpa,
            nature if COLLEGES.contains(&nature) => Level::College,
            _ => Level::Lycee,
        };
        (facts.commune != academy::department(school.uai)).then(|| Self {
            name: fold_for_search(&facts.name),
            commune: fold_for_search(&facts.commune),
            level,
        })
    }
}

/// What is known of a number that is not a school's and that somebody uses for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StrangeNumber {
    /// It was the school's until another replaced it.
    Former,
    /// The directory gives it to a school of the same name and town, where nobody ever worked: a replacement that no
    /// operator has made yet, perhaps.
    PerhapsNew,
}

impl Organization {
    /// Whether another school bears the same name in the same town, both collèges or both lycées: what stays of a
    /// school when its number changes.
    pub fn is_like(&self, other: &Self) -> bool {
        self.id != other.id
            && Likeness::of(self).is_some_and(|own| Likeness::of(other) == Some(own))
    }
}

/// Schools by what a renumbering keeps of them: name, town, collège or lycée.
#[derive(Debug)]
pub struct Namesakes<'a>(HashMap<Likeness, Vec<&'a Known>>);

impl<'a> Namesakes<'a> {
    /// All of these.
    pub fn of(known: &'a [Known]) -> Self {
        let mut all: HashMap<_, Vec<_>> = HashMap::new();
        for entry in known {
            if let Some(likeness) = Likeness::of(&entry.0) {
                all.entry(likeness).or_default().push(entry);
            }
        }
        Self(all)
    }

    /// The schools whose number this one's may replace: they bear the same name in the same town, and were known
    /// before, or close while it opens. None when somebody works in it already.
    pub fn before(&self, (school, facts): &Known) -> impl Iterator<Item = &'a Known> {
        let ends = |school: &Organization| {
            matches!(
                school.facts.state,
                DirectoryState::Closing | DirectoryState::Closed
            )
        };
        let at_work = facts.joined || facts.roster_imported || ends(school);
        let alike = Likeness::of(school).and_then(|likeness| self.0.get(&likeness));
        let (id, created_at) = (school.id, school.created_at);
        alike
            .filter(|_| !at_work)
            .into_iter()
            .flatten()
            .copied()
            .filter(move |(other, _)| {
                other.id != id && (other.created_at < created_at || ends(other))
            })
    }

    /// The school where somebody works already under a former number, perhaps: inviting this one could give it a
    /// second space.
    pub fn at_work_before(&self, known: &Known) -> Option<&'a Organization> {
        let mut before = self.before(known).filter(|(_, facts)| facts.joined);
        before.next().map(|(school, _)| school)
    }
}

/// What a file says of numbers that may be replaced: each school of the file that may replace another, which the file
/// does not list as an open school.
pub fn possible_replacements(known: &[Known], listed: &BTreeSet<Uai>) -> Vec<(Uai, RowRemark)> {
    let namesakes = Namesakes::of(known);
    let stays = |school: &Organization| {
        listed.contains(&school.uai) && school.facts.state == DirectoryState::Open
    };
    let of_file = known
        .iter()
        .filter(|(school, _)| listed.contains(&school.uai));
    of_file
        .flat_map(|new| {
            let before = namesakes.before(new).filter(|(school, _)| !stays(school));
            before.map(|(school, _)| (new.0.uai, RowRemark::MayReplace(school.uai)))
        })
        .collect()
}

#[cfg(test)]
mod tests;
