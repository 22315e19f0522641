//! What people read, from Fluent files compiled in: one place for a proofreader.
//!
//! [`Texts`] is read once, at the first text. [`Texts::text`] gives one of them, [`Text::with`] its variables, and
//! [`Text::html`] keeps the markup that a message holds. [`check`] is what tests of pages and of mails call: a key or a
//! variable that one side alone knows never lands.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use askama::filters::{Escaper, Html, HtmlSafe};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use fluent_syntax::ast::{Entry, Pattern, PatternElement};
use unic_langid::LanguageIdentifier;

pub mod check;

/// Every text of one language.
pub struct Texts {
    bundle: FluentBundle<FluentResource>,
    /// Those without variables, ready.
    plain: HashMap<String, String>,
}

/// What a message may hold.
pub trait Variable {
    /// As Fluent takes it.
    fn value(&self) -> FluentValue<'static>;
}

/// A text to show. It is put together when it is written.
#[derive(Clone)]
pub struct Text {
    texts: &'static Texts,
    key: &'static str,
    variables: Vec<(&'static str, FluentValue<'static>)>,
}

/// A text whose message holds markup: it is shown as it is, its variables escaped.
#[derive(Clone)]
pub struct Marked(Text);

impl Texts {
    /// French texts, from files of Fluent. A faulty message is left out, which [`check`] forbids.
    pub fn french(files: &[&str]) -> Self {
        let french = "fr"
            .parse()
            .unwrap_or_else(|_| LanguageIdentifier::default());
        let mut bundle = FluentBundle::new_concurrent(vec![french]);
        bundle.set_use_isolating(false);
        let mut plain = HashMap::new();
        for file in files {
            let resource = match FluentResource::try_new(hold_spaces(file)) {
                Ok(resource) | Err((resource, _)) => resource,
            };
            for entry in resource.entries() {
                if let Entry::Message(message) = entry
                    && let Some(text) = message.value.as_ref().and_then(without_variables)
                {
                    plain.insert(message.id.name.to_owned(), text);
                }
            }
            bundle.add_resource_overriding(resource);
        }
        Self { bundle, plain }
    }

    /// A text by its key.
    pub const fn text(&'static self, key: &'static str) -> Text {
        Text {
            texts: self,
            key,
            variables: Vec::new(),
        }
    }

    /// A text whose key is made by code, or nothing when no file has it.
    pub fn find(
        &self,
        key: &str,
        variables: &[(&'static str, FluentValue<'static>)],
    ) -> Option<Cow<'_, str>> {
        if let Some(text) = self.plain.get(key) {
            return Some(Cow::Borrowed(text));
        }
        self.find_among(key, &variables.iter().cloned().collect())
            .map(|text| Cow::Owned(text.into_owned()))
    }

    /// The same, among variables whose names too are made by code.
    pub fn find_among<'a>(
        &'a self,
        key: &str,
        variables: &'a FluentArgs<'_>,
    ) -> Option<Cow<'a, str>> {
        if let Some(text) = self.plain.get(key) {
            return Some(Cow::Borrowed(text));
        }
        let pattern = self.bundle.get_message(key)?.value()?;
        Some(
            self.bundle
                .format_pattern(pattern, Some(variables), &mut Vec::new()),
        )
    }
}

impl Text {
    /// The same with one of its variables.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Variable) -> Self {
        self.variables.push((name, value.value()));
        self
    }

    /// The same with the markup of its message, and its variables escaped.
    pub fn html(mut self) -> Marked {
        for (_, value) in &mut self.variables {
            if let FluentValue::String(text) = value {
                *value = FluentValue::String(Cow::Owned(escaped(text)));
            }
        }
        Marked(self)
    }

    /// Never: blocks of pages ask it of every text, and show nothing for an empty one.
    pub const fn is_empty(&self) -> bool {
        false
    }
}

impl fmt::Display for Text {
    /// A text that is not there shows its key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let found = self.texts.find(self.key, &self.variables);
        f.write_str(found.as_deref().unwrap_or(self.key))
    }
}

impl fmt::Display for Marked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl HtmlSafe for Marked {}

impl Variable for str {
    fn value(&self) -> FluentValue<'static> {
        FluentValue::String(Cow::Owned(self.to_owned()))
    }
}

impl Variable for String {
    fn value(&self) -> FluentValue<'static> {
        self.as_str().value()
    }
}

impl Variable for Text {
    fn value(&self) -> FluentValue<'static> {
        FluentValue::String(Cow::Owned(self.to_string()))
    }
}

impl Variable for u32 {
    fn value(&self) -> FluentValue<'static> {
        (*self).into()
    }
}

impl Variable for usize {
    fn value(&self) -> FluentValue<'static> {
        (*self).into()
    }
}

impl<T: Variable + ?Sized> Variable for &T {
    fn value(&self) -> FluentValue<'static> {
        (**self).value()
    }
}

/// The words of a message that has no variable.
fn without_variables(pattern: &Pattern<&str>) -> Option<String> {
    pattern
        .elements
        .iter()
        .map(|element| match element {
            PatternElement::TextElement { value } => Some(*value),
            PatternElement::Placeable { .. } => None,
        })
        .collect()
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    match Html.write_escaped_str(&mut escaped, text) {
        Ok(()) => escaped,
        // Never: writing to a `String` does not fail.
        Err(fmt::Error) => String::new(),
    }
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
    use std::sync::LazyLock;

    use super::*;

    static TEXTS: LazyLock<Texts> = LazyLock::new(|| {
        Texts::french(&[
            "plain = « Oui » : non\nnamed = Lisez <b>{ $name }</b> ?\n",
            "counted = { $count ->\n    [0] aucun\n    [one] un seul\n   *[other] { $count } élèves\n}\n",
        ])
    });

    #[test]
    fn lines_do_not_break_before_a_sign() {
        let held = hold_spaces("« Oui » ? Non : à 10 h");
        assert_eq!(held, "«\u{A0}Oui\u{A0}»\u{A0}? Non\u{A0}: à 10 h");
        assert_eq!(
            TEXTS.text("plain").to_string(),
            "«\u{A0}Oui\u{A0}»\u{A0}: non"
        );
    }

    #[test]
    fn markup_is_the_message_s_and_never_a_variable_s() {
        let text = TEXTS.text("named").with("name", "<i> : \"");
        assert_eq!(text.to_string(), "Lisez <b><i> : \"</b>\u{A0}?");
        assert_eq!(
            text.html().to_string(),
            "Lisez <b>&#60;i&#62; : &#34;</b>\u{A0}?"
        );
    }

    #[test]
    fn counts_follow_french() {
        for (count, text) in [(0_u32, "aucun"), (1, "un seul"), (1204, "1204 élèves")] {
            assert_eq!(TEXTS.text("counted").with("count", count).to_string(), text);
        }
    }

    #[test]
    fn a_text_that_is_not_there_shows_its_key() {
        assert_eq!(TEXTS.text("nowhere").to_string(), "nowhere");
    }
}
