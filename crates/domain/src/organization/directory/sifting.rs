//! A whole file of the directory, considered before anything is written: which row is each school's, which are
//! annexes, which are no school of ours.

use std::collections::HashMap;

use super::{DirectoryRow, ReadRow, RowRefusal};
use crate::academy::MailDomains;
use crate::names::fold_for_search;
use crate::organization::Organization;
use crate::organization::ministry::WithoutStudentSystem;
use crate::organization::{DirectoryFacts, DirectoryState};
use crate::uai::Uai;

/// A row and its line in the file, from 1.
pub type Numbered<T> = (u64, T);

/// A file's rows, sorted out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sifted {
    /// Each school once, in the file's order.
    pub schools: Vec<SchoolRows>,
    /// The rows that are no school of ours.
    pub refused: Vec<RefusedRow>,
    /// How many rows say again, to the letter, what one above says.
    pub repeated: u32,
}

/// A row that is no school of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedRow {
    /// Its line in the file, from 1.
    pub line: u64,
    /// Why.
    pub refusal: RowRefusal,
    /// The row.
    pub row: DirectoryRow,
}

/// The rows that share a UAI: a school, and perhaps its annexes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchoolRows {
    first: Numbered<ReadRow>,
    others: Vec<Numbered<ReadRow>>,
}

/// What is worth saying of a row that is loaded, or that changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RowRemark {
    /// It shares the UAI of a school and is not its own row: it changes nothing.
    Annexe,
    /// Its cell holds several addresses.
    SeveralAddresses,
    /// Its cell holds something that is no address.
    AddressUnreadable,
    /// It gives no address where one is known, which stays.
    AddressKept,
    /// It gives no town, and none is known: the département is shown.
    TownMissing,
    /// The school is to open: never invited with all the others.
    Opening,
    /// The school is to close: never invited with all the others.
    Closing,
    /// The school is closed: never invited with all the others.
    Closed,
    /// A SEGPA: its pupils are in the export of its collège. Never invited.
    InItsCollege,
    /// Abroad, neither SIECLE nor Fregata: never invited.
    Abroad,
    /// Its number was replaced by this one: it changes nothing.
    CodeReplaced(Uai),
    /// Its number may replace that of this school, which has the same name and town.
    MayReplace(Uai),
}

impl RowRemark {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Annexe => "annexe",
            Self::SeveralAddresses => "several_addresses",
            Self::AddressUnreadable => "address_unreadable",
            Self::AddressKept => "address_kept",
            Self::TownMissing => "town_missing",
            Self::Opening => "school_opening",
            Self::Closing => "school_closing",
            Self::Closed => "school_closed",
            Self::InItsCollege => "school_in_its_college",
            Self::Abroad => "school_abroad",
            Self::CodeReplaced(_) => "uai_replaced",
            Self::MayReplace(_) => "may_replace",
        }
    }

    /// The other school's number that it speaks of.
    pub const fn other(self) -> Option<Uai> {
        match self {
            Self::CodeReplaced(uai) | Self::MayReplace(uai) => Some(uai),
            _ => None,
        }
    }
}

impl Sifted {
    /// Sorts out the rows of a file.
    pub fn of(rows: impl IntoIterator<Item = Numbered<DirectoryRow>>) -> Self {
        let mut sifted = Self::default();
        let mut places = HashMap::new();
        for (line, row) in rows {
            match row.parse() {
                Ok(read) => match places.get(&read.uai) {
                    None => {
                        places.insert(read.uai, sifted.schools.len());
                        sifted.schools.push(SchoolRows {
                            first: (line, read),
                            others: Vec::new(),
                        });
                    }
                    Some(&place) => sifted.add(place, (line, read)),
                },
                Err(refusal) => sifted.refused.push(RefusedRow { line, refusal, row }),
            }
        }
        sifted
    }

    /// Adds a row whose cells do not stand under the columns, by what stands under the UAI's.
    pub fn refuse(&mut self, line: u64, uai: String, refusal: RowRefusal) {
        let row = DirectoryRow {
            uai,
            ..DirectoryRow::default()
        };
        self.refused.push(RefusedRow { line, refusal, row });
    }

    fn add(&mut self, place: usize, row: Numbered<ReadRow>) {
        let Some(school) = self.schools.get_mut(place) else {
            return;
        };
        if school.rows().any(|(_, known)| *known == row.1) {
            self.repeated += 1;
        } else {
            school.others.push(row);
        }
    }
}

impl SchoolRows {
    /// A school that has one row.
    pub const fn one(line: u64, row: ReadRow) -> Self {
        Self {
            first: (line, row),
            others: Vec::new(),
        }
    }

    /// The number that the rows share.
    pub const fn uai(&self) -> Uai {
        self.first.1.uai
    }

    /// The rows, in the file's order.
    pub fn rows(&self) -> impl Iterator<Item = &Numbered<ReadRow>> {
        std::iter::once(&self.first).chain(&self.others)
    }

    /// The school's own row: the one whose address bears its number; else the one that says what is known of the
    /// school already, or at least its name, so that the order of rows between two editions changes nothing; else the
    /// first.
    pub fn own(&self, known: Option<&Organization>, domains: MailDomains) -> &Numbered<ReadRow> {
        let rank = |(_, row): &Numbered<ReadRow>| {
            let former_uais = known.map_or(&[][..], |school| &school.former_uais);
            let known_facts = known.map(|school| &school.facts);
            let says_nothing_new =
                known_facts.is_some_and(|facts| row.facts(known, domains) == *facts);
            let same_name = known_facts
                .is_some_and(|facts| fold_for_search(&row.name) == fold_for_search(&facts.name));
            (
                row.bears_its_number(former_uais, domains),
                says_nothing_new,
                same_name,
            )
        };
        self.others.iter().fold(
            &self.first,
            |best, row| {
                if rank(row) > rank(best) { row } else { best }
            },
        )
    }
}

impl ReadRow {
    /// What is worth saying of a school's own row, beside what is known of the school.
    pub fn remarks(&self, facts: &DirectoryFacts, known: Option<&Organization>) -> Vec<RowRemark> {
        let knows_address = known.is_some_and(|school| school.facts.mail.is_some());
        let system = facts.student_system(self.uai);
        let all = [
            (self.mails.len() > 1, RowRemark::SeveralAddresses),
            (self.mail_unreadable, RowRemark::AddressUnreadable),
            (
                self.mails.is_empty() && !self.mail_unreadable && knows_address,
                RowRemark::AddressKept,
            ),
            (
                self.commune.is_empty() && facts.commune == crate::academy::department(self.uai),
                RowRemark::TownMissing,
            ),
            (facts.state == DirectoryState::Opening, RowRemark::Opening),
            (facts.state == DirectoryState::Closing, RowRemark::Closing),
            (facts.state == DirectoryState::Closed, RowRemark::Closed),
            (
                system == Err(WithoutStudentSystem::InItsCollege),
                RowRemark::InItsCollege,
            ),
            (
                system == Err(WithoutStudentSystem::Abroad),
                RowRemark::Abroad,
            ),
        ];
        all.into_iter()
            .filter_map(|(holds, remark)| holds.then_some(remark))
            .collect()
    }
}
