//! What a person does with the roster. Importing is in [`imports`], the worker's side of it in [`work`].

use std::sync::Arc;

use jiff::civil::Date;

use super::RosterSummary;
use super::export::csv;
use super::listing::{ClassCount, Line, ListPage, ListQuery, ListRequest, PAGE_ROWS, pages};
use super::refusal::RosterRefusal;
use super::store::RosterStore;
use crate::clock::{Clock, day_in_paris};
use crate::ids::StudentId;
use crate::refusal::Denied;
use crate::store::Failure;
use crate::team::Member;

pub mod imports;
pub mod work;

/// The list of pupils. Any member of the school sees it.
pub struct Rosters {
    /// Where rosters live.
    pub store: Arc<dyn RosterStore>,
    /// The time: it says who has left.
    pub clock: Arc<dyn Clock>,
}

impl Rosters {
    /// One page of the list, with the roster's summary and its classes; the last page when a later one is asked.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn page(&self, member: &Member, request: &ListRequest) -> Result<ListPage, Failure> {
        let mut query = ListQuery::page(member.organization_id(), request, self.today());
        let mut found = self.store.overview(&query).await?;
        let pages = pages(found.lines.total);
        let mut page = request.page.max(1);
        if page > pages {
            page = pages;
            query.offset = (pages - 1) * PAGE_ROWS;
            found = self.store.overview(&query).await?;
        }
        Ok(ListPage {
            lines: found.lines.lines,
            total: found.lines.total,
            page,
            pages,
            summary: found.summary,
            classes: found.classes,
        })
    }

    /// The pupils that somebody searches for, [`PAGE_ROWS`] at most.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn search(&self, member: &Member, words: &str) -> Result<Vec<Line>, Failure> {
        let request = ListRequest {
            search: words.to_owned(),
            ..ListRequest::default()
        };
        let query = ListQuery::page(member.organization_id(), &request, self.today());
        Ok(self.store.list(&query).await?.lines)
    }

    /// How far each class is.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn classes(&self, member: &Member) -> Result<Vec<ClassCount>, Failure> {
        let school = member.organization_id();
        self.store.classes(school, self.today()).await
    }

    /// The roster without its pupils.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn summary(&self, member: &Member) -> Result<RosterSummary, Failure> {
        let school = member.organization_id();
        self.store.summary(school, self.today()).await
    }

    /// All that matches a request, as CSV: its page is ignored.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn export(&self, member: &Member, request: &ListRequest) -> Result<String, Failure> {
        let query = ListQuery::all(member.organization_id(), request, self.today());
        Ok(csv(&self.store.list(&query).await?.lines))
    }

    /// One pupil of the school, as they are today.
    ///
    /// # Errors
    /// `not_found`, for another school's alike.
    pub async fn student(
        &self,
        member: &Member,
        student: StudentId,
    ) -> Result<Line, Denied<RosterRefusal>> {
        let found = self
            .store
            .student(member.organization_id(), student)
            .await?;
        let line = found.ok_or(RosterRefusal::NotFound)?;
        Ok(Line {
            student: line.student.seen_on(self.today()),
            ..line
        })
    }

    fn today(&self) -> Date {
        day_in_paris(self.clock.now())
    }
}
