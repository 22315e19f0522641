//! The list of pupils: what is asked of it, and what it shows.

use jiff::Timestamp;
use jiff::civil::Date;

use super::{RosterSummary, Student};
use crate::ids::OrganizationId;
use crate::names;

/// Pupils on a page.
pub const PAGE_ROWS: u32 = 50;
/// Words of a search that count; more are ignored.
pub const SEARCH_WORDS_MAX: usize = 8;
/// Characters of a search that count; more are ignored.
pub const SEARCH_CHARS_MAX: usize = 100;

/// Whether a pupil's account is linked, as the list says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Connection {
    /// « Médiacentre »: an account is linked.
    Linked {
        /// Since when.
        since: Timestamp,
    },
    /// « Demande à vérifier »: not linked, and a waiting request names them among its near candidates.
    ToCheck,
    /// « Non rattaché ».
    NotLinked,
}

impl Connection {
    /// Which kind it is.
    pub const fn kind(self) -> ConnectionKind {
        match self {
            Self::Linked { .. } => ConnectionKind::Linked,
            Self::ToCheck => ConnectionKind::ToCheck,
            Self::NotLinked => ConnectionKind::NotLinked,
        }
    }
}

/// A filter by connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ConnectionKind {
    /// « Médiacentre ».
    Linked,
    /// « Demande à vérifier ».
    ToCheck,
    /// « Non rattaché ».
    NotLinked,
}

impl ConnectionKind {
    /// Every kind, as the filter lists them.
    pub const ALL: [Self; 3] = [Self::Linked, Self::NotLinked, Self::ToCheck];

    /// Its stable code, as in an address.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Linked => "linked",
            Self::ToCheck => "to_check",
            Self::NotLinked => "not_linked",
        }
    }

    /// Reads a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// What the list is sorted by. Ties go by name, then by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum SortBy {
    /// Family name, then first name.
    #[default]
    Name,
    /// First name.
    FirstName,
    /// Birth date.
    Birthdate,
    /// Class.
    Division,
    /// Linked since; those who are not linked come last, whatever the direction.
    LinkedSince,
}

impl SortBy {
    /// Every order.
    pub const ALL: [Self; 5] = [
        Self::Name,
        Self::FirstName,
        Self::Birthdate,
        Self::Division,
        Self::LinkedSince,
    ];

    /// Its stable code, as in an address.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::FirstName => "first_name",
            Self::Birthdate => "birthdate",
            Self::Division => "division",
            Self::LinkedSince => "linked_since",
        }
    }

    /// Reads a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.code() == code)
    }
}

/// What a person asks of the list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListRequest {
    /// What they typed: words, in any order, accents or not.
    pub search: String,
    /// Only this class.
    pub division: Option<String>,
    /// Only this connection.
    pub connection: Option<ConnectionKind>,
    /// The order.
    pub sort: SortBy,
    /// From the last to the first.
    pub descending: bool,
    /// From 1; 0 is 1.
    pub page: u32,
}

/// What the store is asked: present pupils of one school.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListQuery {
    /// The school.
    pub organization_id: OrganizationId,
    /// The day that says who is present.
    pub on: Date,
    /// Folded words: letters and digits only. Each must be somewhere in the pupil's search key.
    pub words: Vec<String>,
    /// Only this class, exactly.
    pub division: Option<String>,
    /// Only this connection.
    pub connection: Option<ConnectionKind>,
    /// The order.
    pub sort: SortBy,
    /// From the last to the first.
    pub descending: bool,
    /// Lines to skip.
    pub offset: u32,
    /// Lines to give; none for all of them.
    pub limit: Option<u32>,
}

impl ListQuery {
    /// One page of what a person asked, on a day.
    pub fn page(organization_id: OrganizationId, request: &ListRequest, on: Date) -> Self {
        Self {
            offset: request.page.saturating_sub(1).saturating_mul(PAGE_ROWS),
            limit: Some(PAGE_ROWS),
            ..Self::all(organization_id, request, on)
        }
    }

    /// All of what a person asked, on a day.
    pub fn all(organization_id: OrganizationId, request: &ListRequest, on: Date) -> Self {
        let search: String = request.search.chars().take(SEARCH_CHARS_MAX).collect();
        Self {
            organization_id,
            on,
            words: names::fold_for_search(&search)
                .split(' ')
                .filter(|word| !word.is_empty())
                .take(SEARCH_WORDS_MAX)
                .map(str::to_owned)
                .collect(),
            division: request.division.clone(),
            connection: request.connection,
            sort: request.sort,
            descending: request.descending,
            offset: 0,
            limit: None,
        }
    }

    /// How many pupils match, as the counts of every class tell; `None` with words to search, which they do not know.
    pub fn total_by(&self, classes: &[ClassCount]) -> Option<u32> {
        if !self.words.is_empty() {
            return None;
        }
        let Some(division) = &self.division else {
            return Some(ClassCount::pupils(classes, self.connection));
        };
        let class = classes.iter().find(|class| class.division == *division);
        Some(class.map_or(0, |class| class.of(self.connection)))
    }
}

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The pupil.
    pub student: Student,
    /// Their connection.
    pub connection: Connection,
}

/// Lines, and how many there would be without offset and limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lines {
    /// The lines asked.
    pub lines: Vec<Line>,
    /// All that match.
    pub total: u32,
}

/// What the page of pupils shows, all of one instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    /// The roster without its pupils.
    pub summary: RosterSummary,
    /// The classes that have present pupils, by their code.
    pub classes: Vec<ClassCount>,
    /// The lines asked.
    pub lines: Lines,
}

/// One page of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListPage {
    /// The lines.
    pub lines: Vec<Line>,
    /// Pupils that match.
    pub total: u32,
    /// This page, from 1: the last one when a later one was asked.
    pub page: u32,
    /// How many pages; 1 when nobody matches.
    pub pages: u32,
    /// The roster without its pupils.
    pub summary: RosterSummary,
    /// How far each class is.
    pub classes: Vec<ClassCount>,
}

/// How far a class is, over its present pupils.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassCount {
    /// The class.
    pub division: String,
    /// Present pupils.
    pub present: u32,
    /// Of which linked.
    pub linked: u32,
    /// Of which « Demande à vérifier ».
    pub to_check: u32,
}

impl ClassCount {
    /// Those of this connection; all of them for none.
    pub const fn of(&self, connection: Option<ConnectionKind>) -> u32 {
        match connection {
            None => self.present,
            Some(ConnectionKind::Linked) => self.linked,
            Some(ConnectionKind::ToCheck) => self.to_check,
            // A pupil who is linked is not to check.
            Some(ConnectionKind::NotLinked) => self
                .present
                .saturating_sub(self.linked)
                .saturating_sub(self.to_check),
        }
    }

    /// Of which « Non rattaché »: those who never came. As many as the list shows when it is filtered so.
    pub const fn not_linked(&self) -> u32 {
        self.of(Some(ConnectionKind::NotLinked))
    }

    /// Those of this connection in all these classes; all of them for none.
    pub fn pupils(classes: &[Self], connection: Option<ConnectionKind>) -> u32 {
        classes.iter().map(|class| class.of(connection)).sum()
    }
}

/// The pages that so many lines make.
pub const fn pages(total: u32) -> u32 {
    if total == 0 {
        1
    } else {
        total.div_ceil(PAGE_ROWS)
    }
}
