//! Every page in every state, from samples: one test renders them all and holds them to the rules of HTML.
//!
//! A page's samples are beside it, in `samples.rs` of its module, which sees its private fields: a public function
//! `samples() -> Vec<Sample>` added to the list of [`all`].

mod rules;

use askama::Template;
use pix_orga_domain::roster::source::RosterSource;

use crate::page::{Contacts, Flash, Page, SpaceChrome};
use crate::views::{Choice, FormErrors};

/// A name as people have them, to the worst: whatever a template forgets to escape shows as a tag.
pub const AWKWARD: &str = "Zoé <i>d’Été</i> & \"Cie\" 'bis'";

/// A school's id.
pub const SCHOOL_ID: &str = "0192f0c1-8c5e-7b7a-9d6c-1f2e3d4c5b6a";

/// A page in one of its states.
pub struct Sample {
    template: &'static str,
    state: &'static str,
    html: String,
}

impl Sample {
    /// Renders `page`, whose template is `template` (as in its `#[template(path = …)]`), in a state named `state`.
    pub fn new(template: &'static str, state: &'static str, page: &impl Template) -> Self {
        let html = page
            .render()
            .unwrap_or_else(|error| panic!("{template} ({state}): {error}"));
        Self::rendered(template, state, html)
    }

    /// A page sent piece by piece, once whole.
    pub fn rendered(template: &'static str, state: &'static str, html: String) -> Self {
        Self {
            template,
            state,
            html,
        }
    }
}

/// Every sample: one line for each module that has pages.
fn all() -> Vec<Sample> {
    [
        crate::problem::samples::samples(),
        crate::access::samples(),
        crate::account::samples::samples(),
        crate::pupil::samples(),
        crate::space::samples(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The frame of a page outside any space, of a demonstration, after an action.
pub fn public_page() -> Page {
    Page {
        title: AWKWARD.to_owned(),
        lang: "fr".to_owned(),
        demo: true,
        csrf: "0123456789abcdef".to_owned(),
        flash: Some(Flash {
            kind: "success",
            text: AWKWARD.to_owned(),
        }),
        space: None,
        contacts: Contacts {
            dane_name: "La DANE".to_owned(),
            dane_url: Some("https://dane.example.org/".to_owned()),
            support_url: "https://aide.example.org/".to_owned(),
            community_url: "https://communaute.example.org/".to_owned(),
        },
    }
}

/// The frame of a page of a space, as an administrator sees it.
pub fn space_page(current: &'static str) -> Page {
    Page {
        space: Some(SpaceChrome {
            school_name: AWKWARD.to_owned(),
            commune: AWKWARD.to_owned(),
            uai: "0690132U".to_owned(),
            organization_id: SCHOOL_ID.to_owned(),
            role_is_admin: true,
            person_name: AWKWARD.to_owned(),
            several_schools: true,
            current,
            pending_requests: 2,
            source: RosterSource::Siecle,
        }),
        ..public_page()
    }
}

/// The same as a member sees it, who is in one school, without a demonstration nor a flash.
pub fn member_page(current: &'static str) -> Page {
    let mut page = space_page(current);
    page.demo = false;
    page.flash = None;
    page.contacts.dane_url = None;
    if let Some(space) = &mut page.space {
        space.role_is_admin = false;
        space.several_schools = false;
        space.pending_requests = 0;
    }
    page
}

/// The same in an agricultural lycée, whose pupils are in Fregata.
pub fn fregata_page(current: &'static str) -> Page {
    let mut page = space_page(current);
    if let Some(space) = &mut page.space {
        space.source = RosterSource::Fregata;
    }
    page
}

/// The choices of a select or of radio buttons.
pub fn choices() -> Vec<Choice> {
    ["first", "second"]
        .into_iter()
        .map(|value| Choice {
            value: value.to_owned(),
            label: AWKWARD.to_owned(),
            hint: String::new(),
            selected: value == "second",
        })
        .collect()
}

/// Every field of a form refused.
pub fn errors(fields: &[&'static str]) -> FormErrors {
    let mut errors = FormErrors::default();
    for field in fields {
        errors.add(field, AWKWARD.to_owned());
    }
    errors
}

mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::{Path, PathBuf};

    use pix_orga_texts::check::template::prose;
    use pix_orga_texts::check::{self, Named};

    use super::{all, rules};
    use crate::texts;

    #[test]
    fn every_page_obeys_the_rules_of_html_in_every_state() {
        let faults: Vec<String> = all()
            .iter()
            .flat_map(|sample| {
                let name = format!("{} ({})", sample.template, sample.state);
                rules::faults(&sample.html)
                    .into_iter()
                    .map(move |fault| format!("{name}: {fault}"))
            })
            .collect();
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }

    /// Parts of pages, which extend no layout, are seen in the pages that have them.
    #[test]
    fn every_page_that_a_handler_shows_has_a_sample() {
        let sampled: BTreeSet<String> = all()
            .iter()
            .map(|sample| sample.template.to_owned())
            .collect();
        let shown: BTreeSet<String> = read_folder("src", "src/samples.rs")
            .iter()
            .flat_map(|(_, source)| quoted_after(source, "template(path = "))
            .filter(|template| {
                fs::read_to_string(folder("templates").join(template))
                    .unwrap()
                    .contains("{% extends")
            })
            .collect();
        assert_eq!(sampled, shown);
    }

    #[test]
    fn every_text_is_shown_and_every_key_has_its_text() {
        let files: Vec<_> = texts::FILES
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
            .collect();
        let callers = [
            read_folder("src", "src/samples.rs"),
            read_folder("templates", ""),
        ]
        .concat();
        let faults = check::faults(&files, &callers);
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }

    #[test]
    fn no_template_holds_prose() {
        let faults: Vec<String> = read_folder("templates", "")
            .iter()
            .map(|(name, template)| (name, prose(template)))
            .filter(|(_, words)| !words.is_empty())
            .map(|(name, words)| format!("{name}: {words:?}"))
            .collect();
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }

    /// The quoted words that follow `before`.
    fn quoted_after(source: &str, before: &str) -> Vec<String> {
        source
            .split(before)
            .skip(1)
            .filter_map(|rest| rest.trim_start().strip_prefix('"'))
            .filter_map(|rest| rest.split('"').next())
            .map(str::to_owned)
            .collect()
    }

    fn folder(name: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
    }

    /// Every file under a folder of this package, save one.
    fn read_folder(name: &str, except: &str) -> Vec<Named> {
        let mut folders = vec![folder(name)];
        let mut files = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if except.is_empty() || !path.ends_with(except) {
                    files.push((
                        path.display().to_string(),
                        fs::read_to_string(&path).unwrap(),
                    ));
                }
            }
        }
        files
    }
}
