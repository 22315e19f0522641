//! What every page shows around its content.

use pix_orga_domain::roster::source::RosterSource;

/// The frame of a page, given to its template as `page`.
#[derive(Debug, Clone)]
pub struct Page {
    /// The title, without the product's name.
    pub title: String,
    /// The language of the page, such as `fr`.
    pub lang: String,
    /// Whether this is a demonstration.
    pub demo: bool,
    /// The token every form sends back.
    pub csrf: String,
    /// The outcome of the action just done.
    pub flash: Option<Flash>,
    /// The school's space the page belongs to.
    pub space: Option<SpaceChrome>,
    /// Who helps.
    pub contacts: Contacts,
}

/// The outcome of the action just done, shown once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flash {
    /// `success`, `info`, `warning` or `error`.
    pub kind: &'static str,
    /// One or two sentences.
    pub text: String,
}

/// A school's space around a page.
#[derive(Clone)]
pub struct SpaceChrome {
    /// The school's name.
    pub school_name: String,
    /// Its town.
    pub commune: String,
    /// Its national number.
    pub uai: String,
    /// Its id, for addresses.
    pub organization_id: String,
    /// Whether the person administers it.
    pub role_is_admin: bool,
    /// The person's name.
    pub person_name: String,
    /// Whether they are in several schools.
    pub several_schools: bool,
    /// The entry of the menu: `home`, `students`, `campaigns`, `team`, `documentation` or `account`.
    pub current: &'static str,
    /// Pupils' requests that wait for a person.
    pub pending_requests: u32,
    /// Where the school's list of pupils comes from.
    pub source: RosterSource,
}

impl std::fmt::Debug for SpaceChrome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SpaceChrome")
            .field("uai", &self.uai)
            .finish_non_exhaustive()
    }
}

/// Who helps, from the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contacts {
    /// The académie's digital delegation, by name.
    pub dane_name: String,
    /// Its address.
    pub dane_url: Option<String>,
    /// Pix's support.
    pub support_url: String,
    /// Pix's community.
    pub community_url: String,
}

impl Page {
    /// Where the school's list of pupils comes from; outside a space, where most schools' do.
    fn source(&self) -> RosterSource {
        self.space
            .as_ref()
            .map_or_else(RosterSource::default, |space| space.source)
    }

    /// What people call it: `SIECLE` or `Fregata`.
    pub fn system(&self) -> &'static str {
        self.source().name()
    }

    /// Whether it is Fregata.
    pub fn is_fregata(&self) -> bool {
        self.source() == RosterSource::Fregata
    }

    /// The address of the space's home, or nothing outside a space.
    pub fn root(&self) -> String {
        self.space.as_ref().map_or_else(String::new, |space| {
            format!("/espace/{}", space.organization_id)
        })
    }

    /// Whether the person administers the space.
    pub fn is_admin(&self) -> bool {
        self.space.as_ref().is_some_and(|space| space.role_is_admin)
    }
}
