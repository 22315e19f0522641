//! French texts, from Fluent files compiled in: one place for a proofreader.
//!
//! `refusal-CODE` says what was refused and what to do next, `flash-CODE` what was just done. A test checks that
//! every refusal of the domain has its text.

use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

/// Every Fluent file, by subject.
const FILES: &[&str] = &[
    include_str!("../texts/fr/refusals.ftl"),
    include_str!("../texts/fr/flashes.ftl"),
    include_str!("../texts/fr/pages.ftl"),
    include_str!("../texts/fr/students.ftl"),
    include_str!("../texts/fr/campaigns.ftl"),
    include_str!("../texts/fr/pupils.ftl"),
    include_str!("../texts/fr/team.ftl"),
];

fn bundle() -> &'static FluentBundle<FluentResource> {
    static BUNDLE: OnceLock<FluentBundle<FluentResource>> = OnceLock::new();
    BUNDLE.get_or_init(|| {
        let mut bundle =
            FluentBundle::new_concurrent(vec![unic_langid::LanguageIdentifier::default()]);
        bundle.set_use_isolating(false);
        for file in FILES {
            let resource = match FluentResource::try_new((*file).to_owned()) {
                Ok(resource) | Err((resource, _)) => resource,
            };
            bundle.add_resource_overriding(resource);
        }
        bundle
    })
}

/// A text without variables. A missing one shows its key, which a test forbids.
pub fn text(key: &str) -> String {
    text_with(key, &[])
}

/// A text with variables, such as `("count", 3.into())`.
pub fn text_with(key: &str, values: &[(&'static str, FluentValue<'static>)]) -> String {
    find(key, values).unwrap_or_else(|| key.to_owned())
}

/// A text, or nothing when no file has it.
pub fn find(key: &str, values: &[(&'static str, FluentValue<'static>)]) -> Option<String> {
    let bundle = bundle();
    let pattern = bundle.get_message(key)?.value()?;
    let args: FluentArgs<'_> = values.iter().cloned().collect();
    let mut errors = Vec::new();
    let text = bundle.format_pattern(pattern, Some(&args), &mut errors);
    Some(hold_spaces(&text))
}

/// French puts a space before its high signs and inside its quotes: a line never breaks there.
fn hold_spaces(text: &str) -> String {
    let mut held = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let before_sign = matches!(rest.peek(), Some(':' | ';' | '?' | '!' | '»'));
        if c == ' ' && (before_sign || held.ends_with('«')) {
            held.push('\u{A0}');
        } else {
            held.push(c);
        }
    }
    held
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_do_not_break_before_a_sign() {
        let held = hold_spaces("« Oui » ? Non : à 10 h");
        assert_eq!(held, "«\u{A0}Oui\u{A0}»\u{A0}? Non\u{A0}: à 10 h");
    }

    #[test]
    fn every_file_is_well_formed_and_no_key_stands_twice() {
        let mut keys = std::collections::HashSet::new();
        for file in FILES {
            let resource = FluentResource::try_new((*file).to_owned());
            assert!(
                resource.is_ok(),
                "{:?}",
                resource.err().map(|(_, errors)| errors)
            );
            for line in file
                .lines()
                .filter(|line| !line.starts_with([' ', '#', '}']) && line.contains('='))
            {
                let key = line.split('=').next().unwrap().trim();
                assert!(keys.insert(key), "{key} stands twice");
            }
        }
    }
}
