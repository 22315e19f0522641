//! The sentences of remarks and refusals of files, made when they are shown.
//!
//! Readers and the domain keep a code and values; [`sentence`] and [`refusal_sentence`] put them in French, so that a
//! wording can be mended after an import. [`check`] is what `roster check` answers with. The texts are in
//! `texts/fr/remarks.ftl`; `pix_orga_domain::roster::cases` says what each code has to say.

use pix_orga_domain::dossier::KeptRemark;
use pix_orga_domain::roster::reading::{Coded, FileRefusal, RejectionCode, Remark};
use pix_orga_domain::roster::source::RosterSource;
use pix_orga_domain::roster::values::Values;

pub mod check;

mod texts;
mod variables;

use texts::say;
use variables::{Who, of_refusal, of_remark};

/// What was found about a pupil or about the file, and what to do. A remark stored before there were values keeps its
/// sentence.
///
/// ```
/// use pix_orga_domain::roster::reading::{Remark, WarningCode};
/// use pix_orga_domain::roster::source::RosterSource;
/// use pix_orga_domain::roster::values::Values;
///
/// let remark = Remark {
///     code: WarningCode::IneShape,
///     line: Some(7),
///     eleve_id: Some("2".to_owned()),
///     last_name: Some("Martin".to_owned()),
///     first_name: Some("Léa".to_owned()),
///     division: Some("3B".to_owned()),
///     values: Values::default().with("written", "12345"),
/// };
/// let sentence = pix_orga_remarks::sentence(&remark, RosterSource::Siecle);
/// assert!(sentence.starts_with("Léa Martin (3B) a un INE mal formé"));
/// ```
pub fn sentence<C: Coded>(remark: &Remark<C>, source: RosterSource) -> String {
    about(remark.code.code(), &Who::of(remark), &remark.values, source)
}

/// The same of a remark that is handed out with all that is kept of a pupil.
pub fn kept_sentence(remark: &KeptRemark, source: RosterSource) -> String {
    let who = Who {
        eleve_id: None,
        last_name: remark.last_name.as_deref(),
        first_name: remark.first_name.as_deref(),
        division: remark.division.as_deref(),
        line: remark.line,
    };
    about(&remark.code, &who, &remark.values, source)
}

fn about(code: &str, who: &Who<'_>, values: &Values, source: RosterSource) -> String {
    match values.sentence() {
        Some(stored) => stored.to_owned(),
        None => say(&format!("remark-{code}"), &of_remark(who, values, source)),
    }
}

/// Why the whole file is refused, and what to do. A refusal stored before there were values keeps its sentence.
pub fn refusal_sentence(refusal: &FileRefusal, source: RosterSource) -> String {
    let rejected = refusal.partial.as_ref().map(|partial| &partial.rejected);
    refusal_sentence_about(refusal, rejected.map_or(&[], Vec::as_slice), source)
}

/// The same, of a refusal whose pupils are kept elsewhere: in the report of the import, which forgets them in time.
pub fn refusal_sentence_about(
    refusal: &FileRefusal,
    rejected: &[Remark<RejectionCode>],
    source: RosterSource,
) -> String {
    match refusal.values.sentence() {
        Some(stored) => stored.to_owned(),
        None => say(
            &format!("refusal-{}", refusal.code.code()),
            &of_refusal(refusal, rejected, source),
        ),
    }
}

#[cfg(test)]
mod tests;
