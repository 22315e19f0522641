//! A template is a shape: what people read stands in the files of texts.

/// Words that are the same in every language.
const NAMES: [&str; 4] = ["Pix", "Orga", "UAI", "CSV"];

/// Attributes that people read, wherever they stand.
const READ: [&str; 5] = [
    "aria-label",
    "data-label",
    "data-copy-done",
    "placeholder",
    "alt",
];

/// The words of prose that a template of HTML still holds.
pub fn prose(template: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut between_tags = String::new();
    for part in parts(template) {
        match part {
            Part::Text(text) => between_tags.push_str(text),
            Part::Code(code) => {
                between_tags.push(' ');
                words.extend(
                    quotes(code)
                        .filter(|text| is_prose(text))
                        .map(str::to_owned),
                );
            }
            Part::Comment => {}
        }
    }
    let mut rest = between_tags.as_str();
    while let Some((text, after)) = rest.split_once('<') {
        words.extend(words_of(text));
        let (tag, after) = after.split_once('>').unwrap_or((after, ""));
        for attribute in READ {
            let value = tag
                .split_once(&format!("{attribute}=\""))
                .and_then(|(_, value)| value.split('"').next());
            words.extend(value.into_iter().flat_map(words_of));
        }
        rest = after;
    }
    words.extend(words_of(rest));
    words
}

enum Part<'a> {
    Text(&'a str),
    Code(&'a str),
    Comment,
}

fn parts(mut rest: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    while let Some(at) = ["{#", "{%", "{{"]
        .iter()
        .filter_map(|open| rest.find(open))
        .min()
    {
        parts.push(Part::Text(&rest[..at]));
        let close = match &rest[at..at + 2] {
            "{#" => "#}",
            "{%" => "%}",
            _ => "}}",
        };
        let end = rest[at..]
            .find(close)
            .map_or(rest.len(), |end| at + end + 2);
        parts.push(if close == "#}" {
            Part::Comment
        } else {
            Part::Code(&rest[at..end])
        });
        rest = &rest[end..];
    }
    parts.push(Part::Text(rest));
    parts
}

fn quotes(code: &str) -> impl Iterator<Item = &str> {
    code.split('"').skip(1).step_by(2)
}

/// A class, a path or a key has no capital and no accent.
fn is_prose(text: &str) -> bool {
    !text.is_ascii() || text.contains(|c: char| c.is_ascii_uppercase())
}

/// Such as `narrow-wide`, which a template may give to its layout.
fn is_class(word: &str) -> bool {
    word.contains('-') && word.chars().all(|c| c.is_ascii_lowercase() || c == '-')
}

fn words_of(text: &str) -> Vec<String> {
    without_attributes(text)
        .split_whitespace()
        .filter(|word| !is_class(word))
        .flat_map(|word| word.split(|c: char| !c.is_alphabetic()))
        .filter(|word| word.chars().count() > 1 && !NAMES.contains(word))
        .map(str::to_owned)
        .collect()
}

/// A macro may hold attributes without their tag.
fn without_attributes(text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("=\"") {
        kept.push_str(before.trim_end_matches(|c: char| c == '-' || c.is_alphanumeric()));
        rest = after.split_once('"').map_or("", |(_, after)| after);
    }
    kept + rest
}

#[cfg(test)]
mod tests {
    use super::prose;

    #[test]
    fn prose_is_seen_wherever_it_hides() {
        assert_eq!(
            prose(
                r#"{# Un commentaire #}<p class="a">Pix {{ x("button", "a-key") }}</p><!DOCTYPE html>"#
            ),
            [""; 0]
        );
        assert_eq!(
            prose(r#" aria-invalid="true" {% if a %}{{ b }}{% endif %}"#),
            [""; 0]
        );
        assert_eq!(prose("<h1>{% if a %}Oui{% endif %}</h1>"), ["Oui"]);
        assert_eq!(prose(r#"<p aria-label="Le nom"></p>"#), ["Le", "nom"]);
        assert_eq!(prose(r#"{{ ui::back(url, "Élèves") }}"#), ["Élèves"]);
    }
}
