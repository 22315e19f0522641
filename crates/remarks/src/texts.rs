//! The French texts of this crate.

use std::sync::LazyLock;

use pix_orga_texts::Texts;

use crate::variables::Variables;

/// Each file, and its text.
pub const FILES: [(&str, &str); 2] = [
    ("remarks.ftl", include_str!("../texts/fr/remarks.ftl")),
    ("check.ftl", include_str!("../texts/fr/check.ftl")),
];

static TEXTS: LazyLock<Texts> = LazyLock::new(|| Texts::french(&FILES.map(|(_, text)| text)));

/// A text with its variables. A test forbids a key that no file has.
pub fn say(key: &str, variables: &Variables<'_>) -> String {
    TEXTS
        .find_among(key, variables)
        .map_or_else(|| key.to_owned(), std::borrow::Cow::into_owned)
}
