//! What the program says to an operator, from its Fluent file.

use std::sync::LazyLock;

use pix_orga_texts::{Text, Texts};

/// What `pix-orga schools` says.
const SCHOOLS: &str = include_str!("../texts/fr/schools.ftl");

static TEXTS: LazyLock<Texts> = LazyLock::new(|| Texts::french(&[SCHOOLS]));

/// A text by its key. A test forbids a key that no file has.
pub fn t(key: &'static str) -> Text {
    TEXTS.text(key)
}

#[cfg(test)]
mod tests {
    use pix_orga_texts::check;

    #[test]
    fn every_text_is_said_and_every_key_has_its_text() {
        let named = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        let callers = [named("words.rs", include_str!("directory/words.rs"))];
        let faults = check::faults(&[named("schools.ftl", super::SCHOOLS)], &callers);
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }
}
