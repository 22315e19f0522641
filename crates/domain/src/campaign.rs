//! Campaigns (« parcours »): what a teacher gives a code for, and who entered.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use url::Url;

use crate::audit::{Action, Actor, AuditEntry};
use crate::chance::{Chance, new_id};
use crate::ids::{AccountId, CampaignId, OrganizationId, PupilId, StudentId};
use crate::store::Revision;
use crate::team::{Member, Role};

pub mod code;
pub mod store;
pub mod use_cases;

use code::CampaignCode;

/// The longest title, in characters.
pub const TITLE_CHARS_MAX: usize = 120;
/// The longest introduction, in characters.
pub const INTRODUCTION_CHARS_MAX: usize = 2_000;
/// The longest destination, in bytes.
pub const DESTINATION_BYTES_MAX: usize = 2_000;
/// Participants shown on one page.
pub const PARTICIPANTS_PER_PAGE: u32 = 50;
/// Campaigns a list shows at most, the newest ones.
pub const CAMPAIGNS_LISTED_MAX: u32 = 1_000;

crate::refusals! {
    /// Why a campaign is left as it is, or not made.
    CampaignRefusal {
        /// No such campaign in this school.
        NotFound = "campaign_not_found",
        /// It is archived: reopen it first.
        Archived = "campaign_archived",
        /// Only its owner or an administrator may.
        RoleInsufficient = "role_insufficient",
        /// No title.
        TitleMissing = "campaign_title_missing",
        /// The title has more than [`TITLE_CHARS_MAX`] characters.
        TitleTooLong = "campaign_title_too_long",
        /// The introduction has more than [`INTRODUCTION_CHARS_MAX`] characters.
        IntroductionTooLong = "campaign_introduction_too_long",
        /// The destination is not a complete https address.
        DestinationInvalid = "campaign_destination_invalid",
        /// The destination has more than [`DESTINATION_BYTES_MAX`] bytes.
        DestinationTooLong = "campaign_destination_too_long",
    }
}

/// Where the pupil goes on once they entered: an https address without a user name or a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination(String);

impl Destination {
    /// Reads a complete address, blanks around it ignored.
    ///
    /// # Errors
    /// `campaign_destination_invalid` and `campaign_destination_too_long`.
    ///
    /// ```
    /// use pix_orga_domain::campaign::{CampaignRefusal, Destination};
    /// assert_eq!(Destination::parse(" https://app.example/parcours ").unwrap().as_str(), "https://app.example/parcours");
    /// assert_eq!(Destination::parse("http://app.example/"), Err(CampaignRefusal::DestinationInvalid));
    /// ```
    pub fn parse(raw: &str) -> Result<Self, CampaignRefusal> {
        let raw = raw.trim();
        if raw.len() > DESTINATION_BYTES_MAX {
            return Err(CampaignRefusal::DestinationTooLong);
        }
        let url = Url::parse(raw).map_err(|_| CampaignRefusal::DestinationInvalid)?;
        let plain = url.username().is_empty() && url.password().is_none();
        if url.scheme() != "https" || !url.has_host() || !plain {
            return Err(CampaignRefusal::DestinationInvalid);
        }
        let normal = String::from(url);
        if normal.len() > DESTINATION_BYTES_MAX {
            return Err(CampaignRefusal::DestinationTooLong);
        }
        Ok(Self(normal))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a person types of a campaign.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CampaignForm {
    /// The title.
    pub title: String,
    /// The introduction; empty for none.
    pub introduction: String,
    /// The destination; empty for none.
    pub destination: String,
}

/// The texts of a campaign, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CampaignTexts {
    /// One line, [`TITLE_CHARS_MAX`] at most.
    pub title: String,
    /// Plain text with line breaks, [`INTRODUCTION_CHARS_MAX`] at most.
    pub introduction: Option<String>,
    /// Where the pupil goes on.
    pub destination: Option<Destination>,
}

impl CampaignForm {
    /// Checks every field, and says all that is wrong at once.
    ///
    /// # Errors
    /// A refusal for each field that is wrong, in the order of the form.
    pub fn check(&self) -> Result<CampaignTexts, Vec<CampaignRefusal>> {
        let title = one_line(&self.title);
        let introduction = paragraph(&self.introduction);
        let destination = Some(self.destination.trim())
            .filter(|typed| !typed.is_empty())
            .map(Destination::parse)
            .transpose();
        let mut faults = Vec::new();
        if title.is_empty() {
            faults.push(CampaignRefusal::TitleMissing);
        }
        if title.chars().count() > TITLE_CHARS_MAX {
            faults.push(CampaignRefusal::TitleTooLong);
        }
        if introduction.chars().count() > INTRODUCTION_CHARS_MAX {
            faults.push(CampaignRefusal::IntroductionTooLong);
        }
        match destination {
            Ok(destination) if faults.is_empty() => Ok(CampaignTexts {
                title,
                introduction: Some(introduction).filter(|text| !text.is_empty()),
                destination,
            }),
            Ok(_) => Err(faults),
            Err(fault) => {
                faults.push(fault);
                Err(faults)
            }
        }
    }
}

/// A campaign of a school.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Campaign {
    /// Its id.
    pub id: CampaignId,
    /// The school.
    pub organization_id: OrganizationId,
    /// Who created it.
    pub owner: AccountId,
    /// What people read.
    pub texts: CampaignTexts,
    /// What pupils type, unique across schools.
    pub code: CampaignCode,
    /// When it was archived: nobody enters an archived campaign.
    pub archived_at: Option<Timestamp>,
    /// When it was created.
    pub created_at: Timestamp,
    /// Guard of its writes.
    pub revision: Revision,
}

/// A campaign to write, with its audit entry: new when `expected` is nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CampaignChange {
    /// The campaign as it must be. Its `revision` is the new one.
    pub campaign: Campaign,
    /// The revision it was decided on; nothing for a new campaign.
    pub expected: Option<Revision>,
    /// Written with it.
    pub audit: AuditEntry,
}

impl Campaign {
    /// Decides a new campaign of the member's school, with a code drawn at random.
    pub fn create(
        by: &Member,
        texts: CampaignTexts,
        chance: &dyn Chance,
        now: Timestamp,
    ) -> CampaignChange {
        let id = CampaignId(new_id(chance, now));
        let campaign = Self {
            id,
            organization_id: by.organization_id(),
            owner: by.account.id,
            texts,
            code: CampaignCode::draw(chance),
            archived_at: None,
            created_at: now,
            revision: Revision::default(),
        };
        let action = Action::CampaignCreated { campaign: id };
        CampaignChange {
            expected: None,
            audit: campaign.entry(by, action, chance, now),
            campaign,
        }
    }

    /// Whether somebody may change the texts.
    ///
    /// # Errors
    /// `role_insufficient`, `campaign_archived`.
    pub fn require_editable(&self, by: &Member) -> Result<(), CampaignRefusal> {
        self.require_keeper(by)?;
        if self.archived_at.is_some() {
            return Err(CampaignRefusal::Archived);
        }
        Ok(())
    }

    /// Decides other texts; nothing to write when they are the same.
    ///
    /// # Errors
    /// `role_insufficient`, `campaign_archived`.
    pub fn edit(
        &self,
        by: &Member,
        texts: CampaignTexts,
        chance: &dyn Chance,
        now: Timestamp,
    ) -> Result<Option<CampaignChange>, CampaignRefusal> {
        self.require_editable(by)?;
        if texts == self.texts {
            return Ok(None);
        }
        let after = Self {
            texts,
            ..self.clone()
        };
        let action = Action::CampaignEdited { campaign: self.id };
        Ok(Some(self.changed_to(after, by, action, chance, now)))
    }

    /// Decides that nobody enters any more; nothing to write when it is archived.
    ///
    /// # Errors
    /// `role_insufficient`.
    pub fn archive(
        &self,
        by: &Member,
        chance: &dyn Chance,
        now: Timestamp,
    ) -> Result<Option<CampaignChange>, CampaignRefusal> {
        self.require_keeper(by)?;
        if self.archived_at.is_some() {
            return Ok(None);
        }
        let after = Self {
            archived_at: Some(now),
            ..self.clone()
        };
        let action = Action::CampaignArchived { campaign: self.id };
        Ok(Some(self.changed_to(after, by, action, chance, now)))
    }

    /// Decides that pupils enter again; nothing to write when they can.
    ///
    /// # Errors
    /// `role_insufficient`.
    pub fn reopen(
        &self,
        by: &Member,
        chance: &dyn Chance,
        now: Timestamp,
    ) -> Result<Option<CampaignChange>, CampaignRefusal> {
        self.require_keeper(by)?;
        if self.archived_at.is_none() {
            return Ok(None);
        }
        let after = Self {
            archived_at: None,
            ..self.clone()
        };
        let action = Action::CampaignReopened { campaign: self.id };
        Ok(Some(self.changed_to(after, by, action, chance, now)))
    }

    /// Whether a member may edit, archive and reopen it: its owner, or an administrator.
    pub fn is_kept_by(&self, member: &Member) -> bool {
        self.owner == member.account.id || member.role == Role::Administrator
    }

    fn require_keeper(&self, by: &Member) -> Result<(), CampaignRefusal> {
        if self.is_kept_by(by) {
            Ok(())
        } else {
            Err(CampaignRefusal::RoleInsufficient)
        }
    }

    fn changed_to(
        &self,
        mut after: Self,
        by: &Member,
        action: Action,
        chance: &dyn Chance,
        now: Timestamp,
    ) -> CampaignChange {
        after.revision = self.revision.next();
        CampaignChange {
            audit: self.entry(by, action, chance, now),
            campaign: after,
            expected: Some(self.revision),
        }
    }

    fn entry(
        &self,
        by: &Member,
        action: Action,
        chance: &dyn Chance,
        now: Timestamp,
    ) -> AuditEntry {
        let actor = Actor::Account(by.account.id);
        AuditEntry::new(self.organization_id, actor, action, chance, now)
    }
}

/// A pupil who entered a campaign. They enter once: again changes nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Participation {
    /// The campaign.
    pub campaign_id: CampaignId,
    /// Who. Which student they are is what their link in the school says.
    pub pupil_id: PupilId,
    /// When they entered first.
    pub entered_at: Timestamp,
}

/// A participant as the campaign's page shows them. It never shows in `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Participant {
    /// The student whom their account is linked to.
    pub student_id: StudentId,
    /// Family name, of the roster.
    pub last_name: String,
    /// First name, of the roster.
    pub first_name: String,
    /// Class, of the roster.
    pub division: String,
    /// When they entered.
    pub entered_at: Timestamp,
    /// Since when they are gone, when they left.
    pub left_on: Option<Date>,
}

impl fmt::Debug for Participant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Participant")
            .field("entered_at", &self.entered_at)
            .finish_non_exhaustive()
    }
}

fn one_line(raw: &str) -> String {
    let kept: String = raw
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn paragraph(raw: &str) -> String {
    let kept: String = raw
        .replace("\r\n", "\n")
        .replace('\r', "\n")
        .chars()
        .filter(|c| *c == '\n' || !c.is_control())
        .collect();
    kept.trim().to_owned()
}

#[cfg(test)]
mod tests;
