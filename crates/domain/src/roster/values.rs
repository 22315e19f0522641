//! What a remark or a refusal of a file names beside its code. The sentence is made when it is shown.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The name under which [`Values::of_case`] keeps which case of its code it is.
const CASE: &str = "case";

/// The values that say who somebody else than the remark's own pupil is, in each code that has them.
pub const OTHERS: [&str; 4] = ["other", "other_number", "second", "second_number"];
/// What stands in place of a value that is not told.
const UNTOLD: &str = "…";

/// Values by name, in the order of names. They may quote a pupil's record: `Debug` shows their names alone.
///
/// [`cases`](super::cases) says which names each code has.
///
/// ```
/// use pix_orga_domain::roster::values::{Value, Values};
///
/// let values = Values::of_case("future").with("day", jiff::civil::date(2031, 2, 1));
/// assert_eq!(values.case(), Some("future"));
/// assert_eq!(values.get("day"), Some(&Value::Text("2031-02-01".to_owned())));
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Values(Kept);

/// As it is stored.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
enum Kept {
    Named(BTreeMap<Cow<'static, str>, Value>),
    /// A French sentence: reports stored before values had nothing else.
    Sentence(String),
}

/// A value that a sentence is made with: a text, a number or a list of texts.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// A count, a line, a limit.
    Number(u64),
    /// A quotation of the file, or a day written `2026-09-01`.
    Text(String),
    /// Several of them, in the order to show.
    Texts(Vec<String>),
}

impl Values {
    /// The values of one case of a code, before [`Values::with`] adds others.
    pub fn of_case(case: &'static str) -> Self {
        Self::default().with(CASE, case)
    }

    /// The same with one more value.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        if let Kept::Named(named) = &mut self.0 {
            named.insert(Cow::Borrowed(name), value.into());
        }
        self
    }

    /// The same without who somebody else is: the sentence stands, and tells nothing of another pupil.
    #[must_use]
    pub fn without_others(mut self) -> Self {
        for name in OTHERS {
            if self.get(name).is_some() {
                self = self.with(name, UNTOLD);
            }
        }
        self
    }

    /// A value by its name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        match &self.0 {
            Kept::Named(named) => named.get(name),
            Kept::Sentence(_) => None,
        }
    }

    /// Which case of its code it is, when the code has several.
    pub fn case(&self) -> Option<&str> {
        match self.get(CASE)? {
            Value::Text(case) => Some(case),
            Value::Number(_) | Value::Texts(_) => None,
        }
    }

    /// Each name and its value, the case among them.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        let named = match &self.0 {
            Kept::Named(named) => Some(named),
            Kept::Sentence(_) => None,
        };
        named
            .into_iter()
            .flatten()
            .map(|(name, value)| (name.as_ref(), value))
    }

    /// The sentence, of a report stored before there were values.
    pub fn sentence(&self) -> Option<&str> {
        match &self.0 {
            Kept::Named(_) => None,
            Kept::Sentence(sentence) => Some(sentence),
        }
    }
}

impl Default for Values {
    fn default() -> Self {
        Self(Kept::Named(BTreeMap::new()))
    }
}

impl fmt::Debug for Values {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Values")?;
        f.debug_set()
            .entries(self.iter().map(|(name, _)| name))
            .finish()
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Value(…)")
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<usize> for Value {
    fn from(number: usize) -> Self {
        Self::Number(u64::try_from(number).unwrap_or(u64::MAX))
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Date> for Value {
    fn from(day: Date) -> Self {
        Self::Text(day.to_string())
    }
}

impl From<Vec<String>> for Value {
    fn from(texts: Vec<String>) -> Self {
        Self::Texts(texts)
    }
}
