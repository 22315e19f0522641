//! Texts whose key is made by code, one for each thing a table says: each is there, in each of its cases, with what it
//! is given.

use std::collections::BTreeSet;

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Message, Pattern, PatternElement};
use fluent_syntax::parser;

use super::{Named, Variables};

/// The variable that chooses among the cases of a text.
const CASE: &str = "case";

/// What one text must say.
pub struct Wanted<'a> {
    /// Its key.
    pub key: String,
    /// Which of its cases; empty when it has one alone.
    pub case: &'a str,
    /// What it is given for this case: it says all of it.
    pub values: Vec<&'a str>,
}

/// What is wrong between `files` of Fluent and what they are wanted for; nothing when all is well. `also` are variables
/// that every text is given, and may leave out. A case that no code has, and a text whose key starts with one of
/// `prefixes` that nothing wants, are wrong too.
pub fn faults(
    files: &[Named],
    wanted: &[Wanted<'_>],
    also: &[&str],
    prefixes: &[&str],
) -> Vec<String> {
    let mut faults = Vec::new();
    let mut resources = Vec::new();
    for (name, text) in files {
        resources.push(match parser::parse(text.as_str()) {
            Ok(resource) => resource,
            Err((resource, errors)) => {
                faults.extend(errors.iter().map(|error| format!("{name}: {error}")));
                resource
            }
        });
    }
    let messages: Vec<&Message<&str>> = resources
        .iter()
        .flat_map(|resource| &resource.body)
        .filter_map(|entry| match entry {
            Entry::Message(message) => Some(message),
            _ => None,
        })
        .collect();
    for one in wanted {
        let found = messages.iter().find(|message| message.id.name == one.key);
        match found.and_then(|message| message.value.as_ref()) {
            None => faults.push(format!("no text {}", one.key)),
            Some(pattern) => faults.extend(of_case(pattern, one, also)),
        }
    }
    for message in messages {
        let key = message.id.name;
        if !prefixes.iter().any(|prefix| key.starts_with(prefix)) {
            continue;
        }
        let cases: BTreeSet<&str> = wanted
            .iter()
            .filter(|one| one.key == key)
            .map(|one| one.case)
            .collect();
        if cases.is_empty() {
            faults.push(format!("nothing wants the text {key}"));
        }
        let said = message.value.as_ref().map(cases_of).unwrap_or_default();
        for case in said.into_iter().filter(|case| !cases.contains(case)) {
            faults.push(format!("{key}: no code has the case {case}"));
        }
    }
    faults
}

fn of_case(pattern: &Pattern<&str>, wanted: &Wanted<'_>, also: &[&str]) -> Vec<String> {
    let mut faults = Vec::new();
    let (key, case) = (&wanted.key, wanted.case);
    let said = cases_of(pattern);
    if said.is_empty() != case.is_empty() || !(case.is_empty() || said.contains(case)) {
        faults.push(format!("{key}: no case {case}"));
    }
    let mut variables = Variables::new();
    collect(pattern, case, &mut variables);
    for value in &wanted.values {
        if !variables.contains(*value) {
            faults.push(format!("{key} {case}: never says {value}"));
        }
    }
    for variable in &variables {
        let known = variable == CASE
            || wanted.values.contains(&variable.as_str())
            || also.contains(&variable.as_str());
        if !known {
            faults.push(format!("{key} {case}: is not given {variable}"));
        }
    }
    faults
}

/// The cases that a text tells apart.
fn cases_of<'a>(pattern: &Pattern<&'a str>) -> BTreeSet<&'a str> {
    let mut cases = BTreeSet::new();
    for element in &pattern.elements {
        if let PatternElement::Placeable {
            expression: Expression::Select { selector, variants },
        } = element
        {
            for variant in variants {
                if variable(selector) == Some(CASE) {
                    cases.insert(name(&variant.key));
                }
                cases.extend(cases_of(&variant.value));
            }
        }
    }
    cases
}

/// The variables of a text in one of its cases.
fn collect(pattern: &Pattern<&str>, case: &str, variables: &mut Variables) {
    for element in &pattern.elements {
        let PatternElement::Placeable { expression } = element else {
            continue;
        };
        match expression {
            Expression::Inline(inline) => {
                variables.extend(variable(inline).map(str::to_owned));
            }
            Expression::Select { selector, variants } => {
                let chosen = variable(selector);
                variables.extend(chosen.map(str::to_owned));
                for variant in variants {
                    if chosen != Some(CASE) || name(&variant.key) == case {
                        collect(&variant.value, case, variables);
                    }
                }
            }
        }
    }
}

fn variable<'a>(inline: &InlineExpression<&'a str>) -> Option<&'a str> {
    match inline {
        InlineExpression::VariableReference { id } => Some(id.name),
        _ => None,
    }
}

fn name<'a>(key: &fluent_syntax::ast::VariantKey<&'a str>) -> &'a str {
    match key {
        fluent_syntax::ast::VariantKey::Identifier { name } => name,
        fluent_syntax::ast::VariantKey::NumberLiteral { value } => value,
    }
}

#[cfg(test)]
mod tests {
    use super::{Wanted, faults};

    const FILE: &str = "a-one = { $who } le { $day }\na-two = { $case ->\n    [x] { $n }\n   *[y] rien\n}\nb = { $z }\n";

    fn found(wanted: &[(&str, &str, &[&str])]) -> Vec<String> {
        let wanted: Vec<Wanted<'_>> = wanted
            .iter()
            .map(|(key, case, values)| Wanted {
                key: (*key).to_owned(),
                case,
                values: values.to_vec(),
            })
            .collect();
        let files = [("f.ftl".to_owned(), FILE.to_owned())];
        faults(&files, &wanted, &["who"], &["a-"])
    }

    #[test]
    fn a_file_that_says_it_all_is_sound() {
        assert_eq!(
            found(&[
                ("a-one", "", &["day"]),
                ("a-two", "x", &["n"]),
                ("a-two", "y", &[]),
            ]),
            [""; 0]
        );
    }

    #[test]
    fn what_is_missing_and_what_is_too_much_are_seen() {
        assert_eq!(
            found(&[
                ("a-one", "", &["month"]),
                ("a-two", "x", &["n", "m"]),
                ("a-two", "z", &[]),
                ("a-four", "", &[]),
            ]),
            [
                "a-one : never says month",
                "a-one : is not given day",
                "a-two x: never says m",
                "a-two: no case z",
                "no text a-four",
                "a-two: no code has the case y",
            ]
        );
        assert_eq!(
            found(&[("a-two", "", &[])]),
            [
                "a-two: no case ",
                "nothing wants the text a-one",
                "a-two: no code has the case x",
                "a-two: no code has the case y",
            ]
        );
    }
}
