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
    Some(
        bundle
            .format_pattern(pattern, Some(&args), &mut errors)
            .into_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

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
