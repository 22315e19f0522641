//! A page as a person reads it.

use scraper::{ElementRef, Html, Selector};

/// A page that was received.
pub struct Page {
    /// Its HTTP status.
    pub status: u16,
    /// Its address, without the host.
    pub path: String,
    /// Its headers, by lower-case name.
    pub headers: Vec<(String, String)>,
    /// Its source.
    pub html: String,
}

/// A form, filled as the page fills it.
#[derive(Debug, Clone)]
pub struct Form {
    /// Where it goes.
    pub action: String,
    /// `get` or `post`.
    pub method: String,
    /// Whether it sends files.
    pub multipart: bool,
    /// Its fields and their values.
    pub fields: Vec<(String, String)>,
    /// Every name it has, files and boxes that are not ticked included.
    pub names: Vec<String>,
}

/// Blanks as people see them: no-break ones are blanks, several are one.
pub fn readable(text: &str) -> String {
    text.replace(['\u{a0}', '\u{202f}'], " ")
        .replace('’', "'")
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// The status of a refusal, and what people read.
///
/// # Panics
/// When the reference does not know it.
pub fn refusal(code: &str) -> (u16, &'static str) {
    let row = include_str!("../../docs/reference/refusals.md")
        .lines()
        .find_map(|line| line.strip_prefix(&format!("| `{code}` | ")));
    let (status, text) = row.and_then(|row| row.split_once(" | ")).unwrap();
    (status.parse().unwrap(), text.trim_end_matches(" |"))
}

fn selector(css: &str) -> Selector {
    Selector::parse(css).unwrap()
}

fn text_of(element: ElementRef<'_>) -> String {
    readable(&element.text().collect::<Vec<_>>().join(" "))
}

impl Page {
    /// All that can be read in the page's main part; apostrophes are straight and blanks ordinary.
    pub fn text(&self) -> String {
        self.texts("main").join(" ")
    }

    /// What the elements of a CSS selector say.
    pub fn texts(&self, css: &str) -> Vec<String> {
        Html::parse_document(&self.html)
            .select(&selector(css))
            .map(text_of)
            .collect()
    }

    /// The page's heading.
    pub fn heading(&self) -> String {
        self.texts("h1").join(" | ")
    }

    /// The values of an attribute of the elements of a CSS selector.
    pub fn attributes(&self, css: &str, name: &str) -> Vec<String> {
        let document = Html::parse_document(&self.html);
        document
            .select(&selector(css))
            .filter_map(|element| element.attr(name).map(str::to_owned))
            .collect()
    }

    /// Whether the main part says something, blanks and apostrophes apart.
    pub fn says(&self, what: &str) -> bool {
        self.text().contains(&readable(what))
    }

    /// Fails unless the page says something.
    #[track_caller]
    pub fn must_say(&self, what: &str) -> &Self {
        assert!(
            self.says(what),
            "« {what} » is not in {} ({}):\n{}",
            self.path,
            self.status,
            self.text()
        );
        self
    }

    /// Fails unless the page says a refusal as `docs/reference/refusals.md` gives it, with its status; or with 200,
    /// on the page that a refused action leads back to.
    #[track_caller]
    pub fn must_refuse(&self, code: &str) -> &Self {
        let (status, text) = refusal(code);
        assert!(
            [status, 200].contains(&self.status),
            "{code} answers {} and not {status}",
            self.status
        );
        self.must_say(text)
    }

    /// Whether the page says a refusal as `docs/reference/refusals.md` gives it.
    pub fn refuses(&self, code: &str) -> bool {
        self.says(refusal(code).1)
    }

    /// Fails if the page says something.
    #[track_caller]
    pub fn must_not_say(&self, what: &str) -> &Self {
        assert!(
            !self.says(what),
            "« {what} » is in {}:\n{}",
            self.path,
            self.text()
        );
        self
    }

    /// Fails unless the status is this one.
    #[track_caller]
    pub fn must_be(&self, status: u16) -> &Self {
        assert_eq!(self.status, status, "{}:\n{}", self.path, self.text());
        self
    }

    /// A header's value, or the empty text.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map_or("", |(_, value)| value.as_str())
    }

    /// Where the first link that says something leads.
    pub fn link(&self, label: &str) -> Option<String> {
        let label = readable(label);
        let document = Html::parse_document(&self.html);
        document
            .select(&selector("a[href]"))
            .find(|link| text_of(*link).contains(&label))
            .and_then(|link| link.attr("href").map(str::to_owned))
    }

    /// The first form with a button that says something.
    pub fn form(&self, button: &str) -> Option<Form> {
        let button = readable(button);
        let document = Html::parse_document(&self.html);
        let says = |b: &ElementRef<'_>| text_of(*b).contains(&button);
        let form = document
            .select(&selector("form"))
            .find(|form| form.select(&selector("button")).any(|b| says(&b)))?;
        let pressed = form.select(&selector("button")).find(says)?;
        let to = pressed.attr("formaction").or(form.attr("action"));
        let mut fields = Vec::new();
        let mut names = Vec::new();
        for control in form.select(&selector("input[name], textarea[name], select[name]")) {
            let name = control.attr("name").unwrap_or_default().to_owned();
            names.push(name.clone());
            let value = match (
                control.value().name(),
                control.attr("type").unwrap_or("text"),
            ) {
                ("input", "checkbox" | "radio") if control.attr("checked").is_none() => continue,
                ("input", "file") => continue,
                ("input", _) => control.attr("value").unwrap_or_default().to_owned(),
                ("textarea", _) => control.text().collect(),
                _ => chosen(control),
            };
            fields.push((name, value));
        }
        Some(Form {
            action: to.unwrap_or_default().to_owned(),
            method: form.attr("method").unwrap_or("get").to_lowercase(),
            multipart: form.attr("enctype") == Some("multipart/form-data"),
            fields,
            names,
        })
    }
}

fn chosen(select: ElementRef<'_>) -> String {
    let options: Vec<_> = select.select(&selector("option")).collect();
    let chosen = options
        .iter()
        .find(|option| option.attr("selected").is_some())
        .or(options.first());
    chosen
        .and_then(|option| option.attr("value"))
        .unwrap_or_default()
        .to_owned()
}
