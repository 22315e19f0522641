//! What tests hold texts to: files well formed, no key without its text, no text without its key, and the same
//! variables on both sides; no prose left in a template.

use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use fluent_syntax::parser;

pub mod cases;
pub mod template;

/// A file that a test read: its name and its text.
pub type Named = (String, String);

type Variables = BTreeSet<String>;

/// How a source calls for a text: what opens the call, and how its variables are named there.
const CALLS: [(&str, Names); 4] = [
    ("t(", Names::Chained),
    ("text(", Names::Chained),
    ("text_with(", Names::Inside),
    ("texts::find(", Names::Unchecked),
];

#[derive(Clone, Copy)]
enum Names {
    /// `.with("name", …)` after the call.
    Chained,
    /// `("name", …)` among what it is given.
    Inside,
    /// The call takes what the text happens to need.
    Unchecked,
}

/// What is wrong between `files` of Fluent and `sources`, templates or Rust; nothing when all is well.
///
/// A key is the first thing that `t`, `text`, `text_with` or `texts::find` is given. A text is used when its key stands in quotes
/// somewhere, or when a key that code makes (`"refusal-{code}"`) can be its own.
pub fn faults(files: &[Named], sources: &[Named]) -> Vec<String> {
    let mut faults = Vec::new();
    let messages = messages(files, &mut faults);
    for (name, source) in sources {
        for (key, given) in calls(source) {
            match (messages.get(key), given) {
                (None, _) => faults.push(format!("{name}: no text {key}")),
                (Some(wanted), Some(given)) if *wanted != given => {
                    faults.push(format!("{name}: {key} takes {wanted:?}, not {given:?}"));
                }
                _ => {}
            }
        }
    }
    let all: String = sources.iter().map(|(_, source)| source.as_str()).collect();
    let made = made_keys(&all);
    for key in messages.keys() {
        let named = all.contains(&format!("\"{key}\""));
        let fits = |(start, end): &(&str, &str)| key.starts_with(start) && key.ends_with(end);
        if !named && !made.iter().any(fits) {
            faults.push(format!("nothing shows the text {key}"));
        }
    }
    faults
}

fn messages(files: &[Named], faults: &mut Vec<String>) -> BTreeMap<String, Variables> {
    let mut messages = BTreeMap::new();
    for (name, text) in files {
        let resource = match parser::parse(text.as_str()) {
            Ok(resource) => resource,
            Err((resource, errors)) => {
                faults.extend(errors.iter().map(|error| format!("{name}: {error}")));
                resource
            }
        };
        for entry in &resource.body {
            let Entry::Message(message) = entry else {
                continue;
            };
            let mut variables = Variables::new();
            if let Some(pattern) = &message.value {
                collect(pattern, &mut variables);
            }
            let key = message.id.name.to_owned();
            if messages.insert(key, variables).is_some() {
                faults.push(format!("{name}: {} stands twice", message.id.name));
            }
        }
    }
    messages
}

fn collect(pattern: &Pattern<&str>, variables: &mut Variables) {
    for element in &pattern.elements {
        let PatternElement::Placeable { expression } = element else {
            continue;
        };
        match expression {
            Expression::Inline(inline) => collect_inline(inline, variables),
            Expression::Select { selector, variants } => {
                collect_inline(selector, variables);
                for variant in variants {
                    collect(&variant.value, variables);
                }
            }
        }
    }
}

fn collect_inline(inline: &InlineExpression<&str>, variables: &mut Variables) {
    if let InlineExpression::VariableReference { id } = inline {
        variables.insert(id.name.to_owned());
    }
}

/// The keys that a source names, with the variables it gives.
fn calls(source: &str) -> Vec<(&str, Option<Variables>)> {
    let mut calls = Vec::new();
    for (opening, names) in CALLS {
        for (at, _) in source.match_indices(opening) {
            let inside = &source[at + opening.len()..];
            let whole_word = !source[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
            let Some(key) = quoted(inside).filter(|key| whole_word && is_key(key)) else {
                continue;
            };
            let end = closing(inside);
            let given = match names {
                Names::Chained => Some(chained(&inside[end..])),
                Names::Inside => Some(named(&inside[..end], "(")),
                Names::Unchecked => None,
            };
            calls.push((key, given));
        }
    }
    calls
}

/// What stands in quotes at the beginning of `text`.
fn quoted(text: &str) -> Option<&str> {
    text.trim_start().strip_prefix('"')?.split('"').next()
}

fn is_key(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
}

/// Where the bracket that opens just before `text` closes, quotes skipped: after the closing one.
fn closing(text: &str) -> usize {
    let mut depth = 1_usize;
    let mut in_quotes = false;
    for (at, c) in text.char_indices() {
        match c {
            '"' => in_quotes = !in_quotes,
            '(' if !in_quotes => depth += 1,
            ')' if !in_quotes => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    text.len()
}

/// The names in `.with("name", …).with("name", …)`.
fn chained(mut rest: &str) -> Variables {
    let mut names = Variables::new();
    while let Some(inside) = rest.trim_start().strip_prefix(".with(") {
        names.extend(quoted(inside).map(str::to_owned));
        rest = &inside[closing(inside)..];
    }
    names
}

/// Whatever stands in quotes just after `before`.
fn named(text: &str, before: &str) -> Variables {
    text.split(before)
        .skip(1)
        .filter_map(quoted)
        .map(str::to_owned)
        .collect()
}

/// Both ends of every key that code makes, such as `"refusal-{code}-title"`.
fn made_keys(all: &str) -> BTreeSet<(&str, &str)> {
    all.match_indices("-{")
        .filter_map(|(at, _)| {
            let start = all[..=at].rsplit('"').next()?;
            let whole = all[at + 1..].split('"').next()?;
            let end = whole.rsplit('}').next()?;
            let fits = is_key(start) && (end.is_empty() || is_key(end));
            fits.then_some((start, end))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Named, faults};

    fn found(file: &str, source: &str) -> Vec<String> {
        let named = |name: &str, text: &str| -> Named { (name.to_owned(), text.to_owned()) };
        faults(&[named("a.ftl", file)], &[named("a.html", source)])
    }

    #[test]
    fn both_sides_are_held_together() {
        let file = "a-title = Titre\na-text = De { $name } à { $to }\nb-one = Un\n";
        let calls = r#"{{ crate::t("a-title") }} {{ crate::t("a-text").with("name", f("(")).with("to", b) }}"#;
        assert_eq!(
            found(file, &format!("{calls} text(&format!(\"b-{{x}}\"))")),
            [""; 0]
        );
        assert_eq!(found(file, calls), ["nothing shows the text b-one"]);
    }

    #[test]
    fn what_one_side_alone_knows_is_seen() {
        for (file, source, fault) in [
            ("a = x\n", r#"t("a") t("b")"#, "a.html: no text b"),
            (
                "a = { $n }\n",
                r#"t("a")"#,
                r#"a.html: a takes {"n"}, not {}"#,
            ),
            (
                "a = { $n }\n",
                r#"text_with("a", &[("m", x.into())])"#,
                r#"a.html: a takes {"n"}, not {"m"}"#,
            ),
            ("a = x\na = y\n", r#"t("a")"#, "a.ftl: a stands twice"),
        ] {
            assert_eq!(found(file, source), [fault]);
        }
        assert_eq!(found("a = {\n", r#"text("other_")"#).len(), 2);
    }
}
