//! The French texts of pages.
//!
//! A page's texts are in the file of its folder, in the order the page reads; what code chooses is beside them.
//! `refusal-CODE` says what was refused and what to do next, `flash-CODE` what was just done.

use std::sync::LazyLock;

use fluent_bundle::FluentValue;
use pix_orga_texts::{Text, Texts};

/// One line for each file: its name, for tests, and its text.
macro_rules! files {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../texts/fr/", $name)))),*]
    };
}

/// Every Fluent file, by subject.
pub const FILES: &[(&str, &str)] = files![
    "layout.ftl",
    "access.ftl",
    "invitation.ftl",
    "terms.ftl",
    "legal.ftl",
    "space.ftl",
    "students.ftl",
    "campaigns.ftl",
    "team.ftl",
    "documentation.ftl",
    "pupils.ftl",
    "demo.ftl",
    "flashes.ftl",
    "refusals.ftl",
];

static TEXTS: LazyLock<Texts> = LazyLock::new(|| {
    let files: Vec<&str> = FILES.iter().map(|(_, text)| *text).collect();
    Texts::french(&files)
});

/// A text of a template: `{{ crate::t("…") }}`, `.with("name", value)` for each variable, and `.html()` last
/// when its message holds markup. A test forbids a key that no file has.
pub fn t(key: &'static str) -> Text {
    TEXTS.text(key)
}

/// A text without variables, whose key may be made by code.
pub fn text(key: &str) -> String {
    text_with(key, &[])
}

/// A text with variables, such as `("count", 3.into())`.
pub fn text_with(key: &str, values: &[(&'static str, FluentValue<'static>)]) -> String {
    find(key, values).unwrap_or_else(|| key.to_owned())
}

/// A text, or nothing when no file has it.
pub fn find(key: &str, values: &[(&'static str, FluentValue<'static>)]) -> Option<String> {
    TEXTS.find(key, values).map(std::borrow::Cow::into_owned)
}
