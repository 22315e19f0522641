//! What handlers work with: the use cases and a few settings.

use std::sync::Arc;

use ipnet::IpNet;
use jiff::Timestamp;
use pix_orga_domain::account::use_cases::Accounts;
use pix_orga_domain::audit::use_cases::Trails;
use pix_orga_domain::campaign::use_cases::Campaigns;
use pix_orga_domain::dossier::use_cases::Dossiers;
use pix_orga_domain::invitation::joining::Joining;
use pix_orga_domain::invitation::use_cases::Invitations;
use pix_orga_domain::organization::use_cases::Organizations;
use pix_orga_domain::pupil::use_cases::PupilSignIns;
use pix_orga_domain::reconciliation::settling::LinkingRequests;
use pix_orga_domain::reconciliation::use_cases::Reconciliation;
use pix_orga_domain::roster::use_cases::Rosters;
use pix_orga_domain::roster::use_cases::imports::Imports;
use pix_orga_domain::session::use_cases::Sessions;
use pix_orga_domain::team::use_cases::Teams;
use pix_orga_domain::terms::use_cases::Terms;
use pix_orga_domain::vitals::use_cases::Vitals;

use crate::operating::{Alarms, Metrics};
use crate::page::Contacts;
use crate::uploads::Uploads;

/// The use cases and settings every handler shares.
pub struct App {
    /// What the configuration says.
    pub settings: Settings,
    /// Accounts.
    pub accounts: Accounts,
    /// Sessions.
    pub sessions: Sessions,
    /// Following a link.
    pub joining: Joining,
    /// Inviting.
    pub invitations: Invitations,
    /// Schools.
    pub organizations: Organizations,
    /// Teams.
    pub teams: Teams,
    /// Terms.
    pub terms: Terms,
    /// Rosters.
    pub rosters: Rosters,
    /// Imports.
    pub imports: Imports,
    /// Campaigns.
    pub campaigns: Campaigns,
    /// Pupils' sign-ins.
    pub pupils: PupilSignIns,
    /// What a pupil does to enter a campaign.
    pub reconciliation: Reconciliation,
    /// Links and linking requests, for a school's members.
    pub linking: LinkingRequests,
    /// All that is kept of one pupil.
    pub dossiers: Dossiers,
    /// Journals.
    pub trails: Trails,
    /// What operators ask.
    pub vitals: Vitals,
    /// Files that are being received.
    pub uploads: Uploads,
    /// What this process counts.
    pub metrics: Metrics,
    /// The alarms this process said.
    pub alarms: Alarms,
}

/// What the configuration says to the pages.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The address people type, without a final slash, such as `https://orga.example.org`.
    pub public_url: String,
    /// Whether cookies ask for https: everywhere but over plain http on loopback.
    pub secure: bool,
    /// Whether this is a demonstration: a banner says so on every page.
    pub demo: bool,
    /// Who helps.
    pub contacts: Contacts,
    /// The proxies whose word is taken on whom they speak for.
    pub trusted_proxies: Vec<IpNet>,
    /// Who may read the figures, beside this machine.
    pub metrics_from: Vec<IpNet>,
    /// What is served and counted of the GAR, where it is configured.
    pub gar: Option<GarSettings>,
}

/// What is served and counted of the GAR.
#[derive(Debug, Clone)]
pub struct GarSettings {
    /// Our metadata: the XML that the GAR reads.
    pub metadata: String,
    /// Where pupils sign in, such as `https://idp.example.org`: a form of ours may lead there.
    pub origin: String,
    /// When the provider's own metadata stop serving, where they say it.
    pub metadata_end: Option<Timestamp>,
    /// When the provider's signing certificates end: one at least.
    pub provider_ends: Vec<Timestamp>,
    /// When ours end, the first being the one that signs: one at least.
    pub our_ends: Vec<Timestamp>,
}

/// How handlers receive it.
pub type SharedApp = Arc<App>;
