//! What a text is given: the values of a remark, and what is made of its fields.

use fluent_bundle::{FluentArgs, FluentValue};
use jiff::civil::Date;
use pix_orga_domain::roster::reading::{FileRefusal, RejectionCode, Remark};
use pix_orga_domain::roster::source::RosterSource;
use pix_orga_domain::roster::values::{Value, Values};

use crate::texts::say;

/// As Fluent takes them.
pub type Variables<'a> = FluentArgs<'a>;

/// The values that are headers of a table.
const COLUMNS: &str = "columns";
/// The value that is a day.
const DAY: &str = "day";
/// The counts of a file that has nobody to import, in the order they are said.
const COUNTS: [&str; 4] = ["left", "no_division", "inactive", "rejected"];

/// The pupil of a remark, as far as they are known.
pub struct Who<'a> {
    pub eleve_id: Option<&'a str>,
    pub last_name: Option<&'a str>,
    pub first_name: Option<&'a str>,
    pub division: Option<&'a str>,
    pub line: Option<u32>,
}

impl<'a> Who<'a> {
    /// The pupil of a remark.
    pub fn of<C>(remark: &'a Remark<C>) -> Self {
        Self {
            eleve_id: remark.eleve_id.as_deref(),
            last_name: remark.last_name.as_deref(),
            first_name: remark.first_name.as_deref(),
            division: remark.division.as_deref(),
            line: remark.line,
        }
    }

    /// « Léa MARTIN (3E 2) », or what is known.
    fn name(&self) -> String {
        let name = match (self.first_name, self.last_name, self.eleve_id) {
            (Some(first), Some(last), _) => say(
                "who-named",
                &given([("first_name", first.into()), ("last_name", last.into())]),
            ),
            (Some(name), None, _) | (None, Some(name), _) => name.to_owned(),
            (None, None, Some(id)) => say("who-number", &given([("eleve_id", id.into())])),
            (None, None, None) => say("who-line", &given([("line", number(self.line))])),
        };
        match self.division {
            None => name,
            Some(division) => say(
                "who-in-class",
                &given([("who", name.into()), ("division", division.into())]),
            ),
        }
    }
}

/// Variables from pairs.
pub fn given<'a, const N: usize>(pairs: [(&'static str, FluentValue<'a>); N]) -> Variables<'a> {
    pairs.into_iter().collect()
}

/// What the text of a remark is given.
pub fn of_remark<'a>(who: &Who<'_>, values: &'a Values, source: RosterSource) -> Variables<'a> {
    let mut variables = of_values(values, source);
    variables.set("who", who.name());
    variables.set("line", number(who.line));
    variables
}

/// What the text of a refusal is given.
pub fn of_refusal<'a>(
    refusal: &'a FileRefusal,
    rejected: &[Remark<RejectionCode>],
    source: RosterSource,
) -> Variables<'a> {
    let mut variables = of_values(&refusal.values, source);
    variables.set("line", number(refusal.line));
    variables.set("column", number(refusal.column));
    if let Some(expected) = refusal.expected_uai {
        variables.set("expected_uai", expected.to_string());
    }
    if let Some(found) = &refusal.found_uai {
        variables.set("found_uai", found.as_str());
    }
    variables.set("counts", counts(&refusal.values, source));
    variables.set("pupils", pupils(&refusal.values, rejected));
    variables
}

/// The first pupils whose accents are lost, with their lines; the lines alone once the pupils are forgotten.
fn pupils(values: &Values, rejected: &[Remark<RejectionCode>]) -> String {
    let Some(Value::Texts(lines)) = values.get("lines") else {
        return String::new();
    };
    let named: Vec<String> = rejected
        .iter()
        .filter(|remark| remark.code == RejectionCode::AccentsLost)
        .take(lines.len())
        .map(|remark| {
            let who = Who::of(remark).name();
            let place = given([("who", who.into()), ("line", number(remark.line))]);
            say("pupil-on-line", &place)
        })
        .collect();
    if named.is_empty() {
        let count = given([
            ("count", lines.len().into()),
            ("lines", lines.join(", ").into()),
        ]);
        return say("pupils-on-lines", &count);
    }
    named.join(" ; ")
}

fn of_values(values: &Values, source: RosterSource) -> Variables<'_> {
    let mut variables: Variables<'_> = values
        .iter()
        .map(|(name, value)| (name, shown(name, value)))
        .collect();
    variables.set("source", source.code());
    variables.set("system", source.name());
    variables.set(
        "how",
        say(&format!("how-{}", source.code()), &Variables::new()),
    );
    variables
}

fn shown<'a>(name: &str, value: &'a Value) -> FluentValue<'a> {
    match value {
        Value::Number(number) => (*number).into(),
        Value::Texts(columns) if name == COLUMNS => {
            let quoted: Vec<String> = columns.iter().map(|name| format!("« {name} »")).collect();
            quoted.join(", ").into()
        }
        Value::Texts(texts) => texts.join(", ").into(),
        Value::Text(text) if name == DAY => text
            .parse::<Date>()
            .map_or_else(|_| text.as_str().into(), |day| french(day).into()),
        Value::Text(text) => text.as_str().into(),
    }
}

/// A day as people write it in France.
pub fn french(date: Date) -> String {
    format!("{:02}/{:02}/{:04}", date.day(), date.month(), date.year())
}

fn number(number: Option<u32>) -> FluentValue<'static> {
    number.map_or(FluentValue::None, FluentValue::from)
}

/// « 3 sans classe, 1 en division « Inactifs » »: the counts that are not zero.
fn counts(values: &Values, source: RosterSource) -> String {
    let said: Vec<String> = COUNTS
        .into_iter()
        .filter_map(|name| match values.get(name)? {
            Value::Number(0) | Value::Text(_) | Value::Texts(_) => None,
            Value::Number(count) => Some(say(
                &format!("counted-{name}"),
                &given([("count", (*count).into()), ("system", source.name().into())]),
            )),
        })
        .collect();
    said.join(", ")
}
