//! The rules of HTML that every page obeys, whatever it shows.

use std::collections::HashSet;

use scraper::{ElementRef, Html, Selector};

/// Attributes that name other elements by their ids.
const REFERENCES: [&str; 5] = [
    "for",
    "aria-describedby",
    "aria-labelledby",
    "aria-controls",
    "list",
];

/// A page as a browser reads it.
struct Document {
    html: Html,
    faults: Vec<String>,
}

/// What is wrong with a page; nothing when all is well.
pub fn faults(html: &str) -> Vec<String> {
    let mut document = Document {
        html: Html::parse_document(html),
        faults: Vec::new(),
    };
    let errors = document.html.errors.clone();
    document.faults.extend(
        errors
            .iter()
            .map(|error| format!("not well formed: {error}")),
    );
    document.check_frame();
    document.check_headings();
    document.check_ids();
    document.check_controls();
    document.check_forms();
    document.check_links_and_buttons();
    document.check_tables_and_images();
    document.check_policy();
    document.faults
}

fn select<'a>(html: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    let selector = Selector::parse(selector).unwrap_or_else(|error| panic!("{selector}: {error}"));
    html.select(&selector).collect()
}

fn text(element: ElementRef<'_>) -> String {
    element.text().collect::<String>().trim().to_owned()
}

/// What a screen reader says of an element, save labels that stand elsewhere.
fn own_name(element: ElementRef<'_>) -> String {
    element
        .attr("aria-label")
        .map_or_else(|| text(element), |label| label.trim().to_owned())
}

fn opening(element: ElementRef<'_>) -> String {
    let html = element.html();
    let tag = html.split('>').next().unwrap_or_default();
    format!("{tag}>")
}

impl Document {
    /// Notes a fault of each element that `selector` finds and `wrong` says.
    fn each(&mut self, selector: &str, fault: &str, wrong: impl Fn(ElementRef<'_>) -> bool) {
        let found = select(&self.html, selector);
        let found = found.into_iter().filter(|element| wrong(*element));
        let faults: Vec<String> = found
            .map(|element| format!("{fault}: {}", opening(element)))
            .collect();
        self.faults.extend(faults);
    }

    fn one(&mut self, selector: &str) {
        let count = select(&self.html, selector).len();
        if count != 1 {
            self.faults.push(format!("{count} {selector}, not one"));
        }
    }

    fn check_frame(&mut self) {
        for selector in ["h1", "main", "title", "html[lang]", "meta[charset]"] {
            self.one(selector);
        }
        self.each("html", "no language", |html| {
            html.attr("lang").unwrap_or_default().is_empty()
        });
        self.each("title", "empty title", |title| text(title).is_empty());
    }

    fn check_headings(&mut self) {
        self.each("h1, h2, h3, h4, h5, h6", "empty heading", |heading| {
            text(heading).is_empty()
        });
        let mut above = 0;
        for heading in select(&self.html, "h1, h2, h3, h4, h5, h6") {
            let level = heading.value().name()[1..].parse::<u32>().unwrap_or(6);
            if level > above + 1 {
                let fault = format!("heading {level} under {above}: {}", text(heading));
                self.faults.push(fault);
            }
            above = level;
        }
    }

    fn check_ids(&mut self) {
        let mut ids = HashSet::new();
        let mut twice = Vec::new();
        for element in select(&self.html, "[id]") {
            let id = element.attr("id").unwrap_or_default().to_owned();
            if id.is_empty() || id.contains(char::is_whitespace) || !ids.insert(id.clone()) {
                twice.push(format!("id {id:?} is not one of its own"));
            }
        }
        self.faults.extend(twice);
        for reference in REFERENCES {
            self.each(&format!("[{reference}]"), "names no element", |element| {
                let named = element.attr(reference).unwrap_or_default();
                named.trim().is_empty() || named.split_whitespace().any(|id| !ids.contains(id))
            });
        }
        self.each("a[href^='#']", "leads nowhere", |link| {
            !ids.contains(
                link.attr("href")
                    .unwrap_or_default()
                    .trim_start_matches('#'),
            )
        });
    }

    fn check_controls(&mut self) {
        let labelled: HashSet<String> = select(&self.html, "label[for]")
            .into_iter()
            .filter(|label| !text(*label).is_empty())
            .filter_map(|label| label.attr("for").map(str::to_owned))
            .collect();
        self.each(
            "input:not([type=hidden]), select, textarea, progress",
            "no label",
            |control| {
                let attribute = |name| control.attr(name).unwrap_or_default();
                let inside_label = control
                    .ancestors()
                    .filter_map(ElementRef::wrap)
                    .any(|above| above.value().name() == "label");
                let named = inside_label
                    || labelled.contains(attribute("id"))
                    || !attribute("aria-label").is_empty()
                    || !attribute("aria-labelledby").is_empty();
                let out_of_reach =
                    attribute("aria-hidden") == "true" && attribute("tabindex") == "-1";
                !named && !out_of_reach
            },
        );
        self.each(
            "input[type=password], input[type=email]",
            "no autocomplete",
            |control| control.attr("autocomplete").is_none(),
        );
        self.each(
            "[aria-invalid]",
            "invalid, and nothing says why",
            |control| control.attr("aria-describedby").is_none(),
        );
        let legend = Selector::parse("legend").unwrap();
        self.each("fieldset", "no legend", |fieldset| {
            fieldset
                .select(&legend)
                .next()
                .is_none_or(|legend| text(legend).is_empty())
        });
    }

    fn check_forms(&mut self) {
        let token = Selector::parse("input[type=hidden][name=csrf]").unwrap();
        self.each("form", "no action", |form| {
            !form.attr("action").unwrap_or_default().starts_with('/')
        });
        self.each("form", "its token is missing, or tells", |form| {
            let posts = form.attr("method") == Some("post");
            let tokens = form.select(&token).count();
            tokens != usize::from(posts)
        });
        let button = Selector::parse("button[type=submit]").unwrap();
        self.each("form", "no button sends it", |form| {
            form.select(&button).next().is_none()
        });
    }

    fn check_links_and_buttons(&mut self) {
        self.each("a", "empty link", |link| {
            own_name(link).is_empty() || link.attr("href").unwrap_or_default().is_empty()
        });
        self.each("button", "empty button", |button| {
            own_name(button).is_empty()
        });
        self.each("button", "no type", |button| button.attr("type").is_none());
        self.each("nav, section", "no name", |area| {
            let named = ["aria-label", "aria-labelledby"]
                .iter()
                .any(|name| area.attr(name).is_some());
            area.value().name() == "nav" && !named
        });
    }

    fn check_tables_and_images(&mut self) {
        let caption = Selector::parse("caption").unwrap();
        self.each("table", "no caption", |table| {
            table.select(&caption).next().is_none()
        });
        self.each("th", "no scope", |cell| cell.attr("scope").is_none());
        self.each("svg", "heard, and says nothing", |image| {
            image.attr("aria-hidden") != Some("true") && image.attr("aria-label").is_none()
        });
        self.each("img", "no alternative", |image| image.attr("alt").is_none());
    }

    /// What the content policy would block, and what was not escaped.
    fn check_policy(&mut self) {
        self.each("style, [style]", "style in the page", |_| true);
        self.each("script", "script in the page", |script| {
            script.attr("src").is_none() || !text(script).is_empty()
        });
        self.each("*", "script in an attribute", |element| {
            element.value().attrs().any(|(name, value)| {
                name.starts_with("on") || value.trim_start().starts_with("javascript:")
            })
        });
        self.each("i", "not escaped", |_| true);
    }
}

#[cfg(test)]
mod tests {
    use super::faults;

    const SOUND: &str = "<!DOCTYPE html><html lang=\"fr\"><head><meta charset=\"utf-8\"><title>A</title></head>\
        <body><main><h1>A</h1><form method=\"post\" action=\"/a\"><input type=\"hidden\" name=\"csrf\" value=\"b\">\
        <label for=\"c\">C</label><input id=\"c\" name=\"c\"><button type=\"submit\">D</button></form>\
        <a href=\"/e\">E</a></main></body></html>";

    #[test]
    fn a_sound_page_has_no_fault() {
        assert_eq!(faults(SOUND), Vec::<String>::new());
    }

    #[test]
    fn each_fault_is_seen() {
        for (sound, wrong) in [
            (" lang=\"fr\"", ""),
            ("<title>A</title>", "<title></title>"),
            ("<h1>A</h1>", ""),
            ("<h1>A</h1>", "<h1>A</h1><h1>B</h1>"),
            ("<h1>A</h1>", "<h1>A</h1><h3>B</h3>"),
            ("<h1>A</h1>", "<h1 id=\"c\">A</h1>"),
            ("<h1>A</h1>", "<h1 style=\"color: red\">A</h1>"),
            ("<h1>A</h1>", "<h1 onclick=\"a()\">A</h1>"),
            ("<h1>A</h1>", "<h1>A</h1><script>a()</script>"),
            ("<h1>A</h1>", "<h1><i>A</i></h1>"),
            ("<h1>A</h1>", "<h1>A</h1></section>"),
            ("<h1>A</h1>", "<h1>A</h1><table><tr><td>1</td></tr></table>"),
            ("<label for=\"c\">C</label>", ""),
            ("<label for=\"c\">C</label>", "<label for=\"d\">C</label>"),
            ("name=\"csrf\"", "name=\"other\""),
            ("method=\"post\"", "method=\"get\""),
            (
                "<button type=\"submit\">D</button>",
                "<button type=\"submit\"></button>",
            ),
            ("<a href=\"/e\">E</a>", "<a href=\"/e\"> </a>"),
            ("<a href=\"/e\">E</a>", "<a href=\"\">E</a>"),
            ("<a href=\"/e\">E</a>", "<a href=\"#nowhere\">E</a>"),
        ] {
            let page = SOUND.replace(sound, wrong);
            assert_ne!(page, SOUND, "{sound} is not in the page");
            assert!(
                !faults(&page).is_empty(),
                "not seen: {wrong:?} for {sound:?}"
            );
        }
    }
}
