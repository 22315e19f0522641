//! Who the GAR says a person is (`PRO`).

/// A person's national profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Profile {
    /// `National_elv`.
    Pupil,
    /// `National_ens`.
    Teacher,
    /// `National_doc`.
    Librarian,
    /// `National_evs`.
    SchoolLife,
    /// `National_eta`.
    SchoolStaff,
    /// `National_dir`.
    Head,
    /// `National_aca`.
    Academy,
    /// `National_col`.
    LocalAuthority,
    /// `National_tut`.
    Guardian,
    /// Any other text: never a pupil.
    Unknown,
}

impl Profile {
    /// Reads `PRO`, whose case varies.
    ///
    /// ```
    /// use pix_orga_domain::pupil::profile::Profile;
    /// assert_eq!(Profile::parse("National_ELV"), Profile::Pupil);
    /// assert_eq!(Profile::parse("elv"), Profile::Unknown);
    /// ```
    pub fn parse(raw: &str) -> Self {
        match raw.trim().to_ascii_lowercase().as_str() {
            "national_elv" => Self::Pupil,
            "national_ens" => Self::Teacher,
            "national_doc" => Self::Librarian,
            "national_evs" => Self::SchoolLife,
            "national_eta" => Self::SchoolStaff,
            "national_dir" => Self::Head,
            "national_aca" => Self::Academy,
            "national_col" => Self::LocalAuthority,
            "national_tut" => Self::Guardian,
            _ => Self::Unknown,
        }
    }

    /// Reads every value of `PRO`, blank ones apart. Somebody who works in a school and studies there too is no pupil
    /// here: any other profile than a pupil's wins. `None` when nothing is said.
    ///
    /// ```
    /// use pix_orga_domain::pupil::profile::Profile;
    /// let among = |values: &[&'static str]| Profile::among(values.iter().copied());
    /// assert_eq!(among(&["National_elv", " "]), Some(Profile::Pupil));
    /// assert_eq!(among(&["National_elv", "National_ens"]), Some(Profile::Teacher));
    /// assert_eq!(among(&[""]), None);
    /// ```
    pub fn among<'a>(values: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        let said = values.into_iter().filter(|raw| !raw.trim().is_empty());
        let mut first = None;
        for profile in said.map(Self::parse) {
            if profile != Self::Pupil {
                return Some(profile);
            }
            first = Some(profile);
        }
        first
    }
}
