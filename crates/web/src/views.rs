//! The small values that the templates' building blocks take.

use jiff::Timestamp;
use jiff::civil::Date;
use pix_orga_domain::clock::{day_in_paris, in_paris};
use pix_orga_domain::organization::Organization;
use pix_orga_domain::team::Role;
use pix_orga_domain::terms::TermsDocument;

use crate::refusals;
use crate::texts;

/// A link that leads on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// Where.
    pub url: String,
    /// What it says.
    pub label: String,
}

impl Action {
    /// A link.
    pub fn new(url: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            label: label.into(),
        }
    }
}

/// A field and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The field's name in the form.
    pub field: &'static str,
    /// What to correct.
    pub text: String,
}

/// What is wrong with a form, in the order of its fields.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FormErrors(Vec<FieldError>);

impl FormErrors {
    /// One refused field, by the refusal's code.
    pub fn refused(field: &'static str, code: &str) -> Self {
        Self(vec![FieldError {
            field,
            text: refusals::text(code),
        }])
    }

    /// One more field, with a text of its own.
    pub fn add(&mut self, field: &'static str, text: String) {
        self.0.push(FieldError { field, text });
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Everything that is wrong.
    pub fn list(&self) -> &[FieldError] {
        &self.0
    }

    /// What is wrong with a field, or the empty text.
    pub fn of(&self, field: &str) -> &str {
        self.0
            .iter()
            .find(|error| error.field == field)
            .map_or("", |error| error.text.as_str())
    }
}

impl From<FieldError> for FormErrors {
    fn from(error: FieldError) -> Self {
        Self(vec![error])
    }
}

/// One option of a select or a group of radio buttons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What the form sends.
    pub value: String,
    /// What it says.
    pub label: String,
    /// What it means, or the empty text.
    pub hint: String,
    /// Whether it is chosen.
    pub selected: bool,
}

/// One of the four steps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// `done`, `current` or `todo`.
    pub state: &'static str,
    /// Its name.
    pub title: String,
    /// What it is, or what remains.
    pub text: String,
    /// Where to do it.
    pub action: Option<Action>,
}

/// A link of a pagination.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageLink {
    /// The page's number, from 1.
    pub number: u32,
    /// Its address.
    pub url: String,
    /// Whether it is the page shown.
    pub current: bool,
    /// Whether it stands for pages left out.
    pub gap: bool,
}

/// Where one is in a long list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pager {
    /// The page shown, from 1.
    pub page: u32,
    /// How many pages.
    pub pages: u32,
    /// The first row shown, from 1.
    pub first: u32,
    /// The last row shown.
    pub last: u32,
    /// How many rows in all.
    pub total: u32,
    /// The page before.
    pub previous: Option<String>,
    /// The page after.
    pub next: Option<String>,
    /// The links to show: the first, the last, and those around the page shown.
    pub links: Vec<PageLink>,
}

impl Pager {
    /// Around a page of a list of `total` rows, `per_page` each; `url` gives a page's address.
    pub fn new(page: u32, per_page: u32, total: u32, url: impl Fn(u32) -> String) -> Self {
        let pages = total.div_ceil(per_page).max(1);
        let page = page.clamp(1, pages);
        let mut links = Vec::new();
        for number in 1..=pages {
            if number == 1 || number == pages || number.abs_diff(page) <= 1 {
                links.push(PageLink {
                    number,
                    url: url(number),
                    current: number == page,
                    gap: false,
                });
            } else if links.last().is_some_and(|link: &PageLink| !link.gap) {
                links.push(PageLink {
                    number,
                    url: String::new(),
                    current: false,
                    gap: true,
                });
            }
        }
        Self {
            page,
            pages,
            first: if total == 0 {
                0
            } else {
                (page - 1) * per_page + 1
            },
            last: (page * per_page).min(total),
            total,
            previous: (page > 1).then(|| url(page - 1)),
            next: (page < pages).then(|| url(page + 1)),
            links,
        }
    }
}

/// A school as pages show it: name, commune and UAI, always together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchoolCard {
    /// Its name.
    pub name: String,
    /// Its town.
    pub commune: String,
    /// Its national number.
    pub uai: String,
}

impl SchoolCard {
    /// Of a school.
    pub fn of(school: &Organization) -> Self {
        Self {
            name: school.facts.name.clone(),
            commune: school.facts.commune.clone(),
            uai: school.uai.to_string(),
        }
    }
}

/// A school to choose among several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpaceChoice {
    /// Where its space is.
    pub url: String,
    /// Its name.
    pub name: String,
    /// Its town.
    pub commune: String,
    /// Its national number.
    pub uai: String,
    /// The person's role there, in French.
    pub role: String,
}

impl SpaceChoice {
    /// Of a school and a role.
    pub fn new(school: &Organization, role: Role) -> Self {
        let SchoolCard { name, commune, uai } = SchoolCard::of(school);
        Self {
            url: format!("/espace/{}", school.id),
            name,
            commune,
            uai,
            role: role_name(role),
        }
    }
}

/// A role in French.
pub fn role_name(role: Role) -> String {
    texts::text(match role {
        Role::Administrator => "role-administrator",
        Role::Member => "role-member",
    })
}

/// A block of a long text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextBlock {
    /// `title`, `item` or `text`.
    pub kind: &'static str,
    /// What it says.
    pub text: String,
}

/// Terms as pages show them. In the file, `# ` opens the heading, `## ` a title, `- ` an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermsText {
    /// Its heading.
    pub heading: String,
    /// Its version.
    pub version: String,
    /// Its text.
    pub blocks: Vec<TextBlock>,
}

impl TermsText {
    /// Of a document.
    pub fn of(document: &TermsDocument) -> Self {
        let mut heading = String::new();
        let mut blocks: Vec<TextBlock> = Vec::new();
        let mut running = false;
        for line in document.text.lines().map(str::trim) {
            let (kind, text) = match line {
                "" => {
                    running = false;
                    continue;
                }
                _ if line.starts_with("# ") && heading.is_empty() => {
                    line[2..].clone_into(&mut heading);
                    continue;
                }
                _ if line.starts_with("## ") => ("title", &line[3..]),
                _ if line.starts_with("- ") => ("item", &line[2..]),
                _ => ("text", line),
            };
            match blocks.last_mut() {
                Some(last) if running && kind == "text" => {
                    last.text.push(' ');
                    last.text.push_str(text);
                }
                _ => blocks.push(TextBlock {
                    kind,
                    text: text.to_owned(),
                }),
            }
            running = kind != "title";
        }
        if heading.is_empty() {
            heading = texts::text("terms-heading");
        }
        Self {
            heading,
            version: document.version.clone(),
            blocks,
        }
    }
}

const MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

/// A day in words, such as « 1er septembre 2026 ».
pub fn long_day(day: Date) -> String {
    let month = usize::try_from(day.month() - 1)
        .ok()
        .and_then(|month| MONTHS.get(month))
        .unwrap_or(&"");
    let number = if day.day() == 1 {
        "1er".to_owned()
    } else {
        day.day().to_string()
    };
    format!("{number} {month} {}", day.year())
}

/// A day in digits, such as « 01/09/2026 ».
pub fn short_day(day: Date) -> String {
    format!("{:02}/{:02}/{}", day.day(), day.month(), day.year())
}

/// The day of an instant in France, in words.
pub fn long_day_of(at: Timestamp) -> String {
    long_day(day_in_paris(at))
}

/// An instant in France, such as « 1er septembre 2026 à 14 h 05 ».
pub fn long_instant(at: Timestamp) -> String {
    let local = in_paris(at);
    format!(
        "{} à {}\u{A0}h\u{A0}{:02}",
        long_day(local.date()),
        local.hour(),
        local.minute()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_read_as_french_writes_them() {
        assert_eq!(
            long_day(jiff::civil::date(2026, 9, 1)),
            "1er septembre 2026"
        );
        assert_eq!(
            long_instant("2026-12-07T22:05:00Z".parse().unwrap()),
            "7 décembre 2026 à 23\u{A0}h\u{A0}05"
        );
    }

    #[test]
    fn a_long_list_shows_its_ends_and_the_pages_around() {
        let pager = Pager::new(10, 50, 3000, |number| number.to_string());
        let shown: Vec<_> = pager
            .links
            .iter()
            .map(|link| (link.number, link.gap))
            .collect();
        let expected = [
            (1, false),
            (2, true),
            (9, false),
            (10, false),
            (11, false),
            (12, true),
            (60, false),
        ];
        assert_eq!(shown, expected);
        assert_eq!((pager.first, pager.last), (451, 500));
        assert_eq!(Pager::new(1, 50, 0, |_| String::new()).first, 0);
    }
}
