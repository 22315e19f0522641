//! The French texts of mails, in the order they read.

use std::sync::LazyLock;

use pix_orga_texts::{Text, Texts};

/// The one file.
const MAILS: &str = include_str!("../texts/fr/mails.ftl");

static TEXTS: LazyLock<Texts> = LazyLock::new(|| Texts::french(&[MAILS]));

/// A text by its key. A test forbids a key that the file does not have.
pub fn t(key: &'static str) -> Text {
    TEXTS.text(key)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use pix_orga_texts::check;

    #[test]
    fn every_text_is_said_and_every_key_has_its_text() {
        let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let callers: Vec<_> = ["lib.rs", "notice.rs"]
            .into_iter()
            .map(|name| {
                let source = fs::read_to_string(sources.join(name)).unwrap();
                (name.to_owned(), source)
            })
            .collect();
        let files = [("mails.ftl".to_owned(), super::MAILS.to_owned())];
        let faults = check::faults(&files, &callers);
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }
}
