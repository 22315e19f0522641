//! One XML text, from its bytes to its reading: the checks of the file, in their order, then its pupils.

use std::borrow::Cow;

use pix_orga_domain::roster::reading::{FileFacts, FileRefusal, Reading, Remark, WarningCode};
use pix_orga_domain::roster::values::Values;
use pix_orga_exports::encoding::{Decoded, Source};
use pix_orga_exports::prolog::{self, is_blank};
use pix_orga_exports::recognise::{foreign, is_web_page};
use pix_orga_exports::refusal::{Position, empty, not_siecle, position, too_heavy, too_large};
use roxmltree::{Document, Error, Node, ParsingOptions};

use crate::Request;
use crate::limits::{NODES_MAX, TEXT_BYTES_MAX, UPLOAD_BYTES_MAX};
use crate::parameters::{self, Parameters};
use crate::recognise::{is_of_siecle, is_roster, not_xml, sister};
use crate::refusal;
use crate::tree::{Lines, named};
use crate::{bounds, structures, students};

/// How much of a file that is too large is looked at, to say what it is.
const HEAD_BYTES: usize = 64 * 1024;

/// Reads a text.
///
/// # Errors
/// The first refusal, in the order of the checks.
pub fn read(
    bytes: Cow<'_, [u8]>,
    request: &Request<'_>,
    facts: &mut FileFacts,
) -> Result<Reading, FileRefusal> {
    let opened = Opened::open(bytes)?;
    let decoded = opened.decode()?;
    facts.encoding = Some(decoded.encoding.name().to_owned());
    let (encoding, mismatch) = (decoded.encoding.name(), decoded.mismatch.clone());
    let text = prepare(decoded)?;
    let tree = parse(&text).map_err(|error| opened.not_well_formed(&error))?;
    let root = tree.root_element();
    let name = root.tag_name().name();
    if let Some(which) = sister(name.as_bytes()) {
        return Err(refusal::wrong_export(which));
    }
    if !is_roster(name.as_bytes()) {
        return Err(not_siecle(foreign(name)));
    }
    let mut lines = Lines::new(&text);
    let parameters = parameters::read(root, &mut lines, facts);
    parameters.check_school(request.expected_uai, |at| opened.position(at))?;
    let mut reading = crate::nobody_yet(facts.clone());
    if let Some(declared) = mismatch {
        warn_of_encoding(&mut reading, &declared, encoding);
    }
    warn_of_file(&mut reading, &parameters, root, &mut lines, request);
    students::read(
        root,
        &structures::read(root),
        &mut lines,
        request.reference_day,
        reading,
    )
}

/// Whether a text starts as an export of SIECLE does, the pupils' or another one.
pub fn is_siecle(bytes: &[u8]) -> bool {
    is_of_siecle(Source::open(Cow::Borrowed(&bytes[..bytes.len().min(HEAD_BYTES)])).bytes())
}

/// Says what a file too large to be read is.
pub fn oversized(bytes: &[u8]) -> FileRefusal {
    let head = Source::open(Cow::Borrowed(&bytes[..bytes.len().min(HEAD_BYTES)]));
    if is_web_page(&prolog::scan(head.bytes())) {
        not_siecle(Values::of_case("web_page"))
    } else if bytes.iter().all(|byte| is_blank(*byte)) {
        empty()
    } else {
        too_heavy("upload", UPLOAD_BYTES_MAX)
    }
}

/// A file recognised as XML, not yet read.
struct Opened<'a> {
    source: Source<'a>,
    /// `encoding` of its declaration.
    label: Option<Vec<u8>>,
}

impl<'a> Opened<'a> {
    fn open(bytes: Cow<'a, [u8]>) -> Result<Self, FileRefusal> {
        let source = Source::open(bytes);
        let prolog = prolog::scan(source.bytes());
        if is_web_page(&prolog) {
            return Err(not_siecle(Values::of_case("web_page")));
        }
        if source.bytes().iter().all(|byte| is_blank(*byte)) {
            return Err(empty());
        }
        if let Some(alien) = not_xml(source.bytes()) {
            return Err(refusal::alien(alien));
        }
        let label = prolog.label.map(<[u8]>::to_vec);
        Ok(Self { source, label })
    }

    fn decode(&self) -> Result<Decoded<'_>, FileRefusal> {
        self.source.decode(self.label.as_deref())
    }

    /// The text before blanks were moved. It is decoded again: for refusals only.
    fn text(&self) -> String {
        self.decode()
            .map(|decoded| prolog::declaration_first(decoded.text.into_owned()))
            .unwrap_or_default()
    }

    /// Where a byte of the text is.
    fn position(&self, at: usize) -> Position {
        position(self.text().as_bytes(), at)
    }

    /// Why the text is not well-formed, for the same reason with the positions of the file as it was.
    fn not_well_formed(&self, error: &Error) -> FileRefusal {
        let text = self.text();
        match parse(&text) {
            Ok(_) => not_well_formed(&text, error),
            Err(error) => not_well_formed(&text, &error),
        }
    }
}

/// The text to parse, once its cost is known and what is forbidden is refused.
fn prepare(decoded: Decoded<'_>) -> Result<String, FileRefusal> {
    let bytes = decoded.text.as_bytes();
    if bytes.len() > TEXT_BYTES_MAX {
        return Err(too_heavy("content", TEXT_BYTES_MAX));
    }
    let doctype = prolog::scan(bytes)
        .doctype
        .map(|(at, _)| refusal::doctype(position(bytes, at)));
    let damage = decoded
        .text
        .find(char::REPLACEMENT_CHARACTER)
        .filter(|_| decoded.lossy)
        .map(|at| refusal::malformed(position(bytes, at)));
    let mut text = prolog::declaration_first(decoded.text.into_owned());
    // Decoding reserves for the worst.
    text.shrink_to_fit();
    let text = bounds::tighten(text)?;
    match doctype.or(damage) {
        Some(refusal) => Err(refusal),
        None => Ok(text),
    }
}

fn parse(text: &str) -> Result<Document<'_>, Error> {
    let options = ParsingOptions {
        // The tree's own root is a node too.
        nodes_limit: NODES_MAX + 1,
        ..ParsingOptions::default()
    };
    Document::parse_with_options(text, options)
}

fn not_well_formed(text: &str, error: &Error) -> FileRefusal {
    let end = position(text.as_bytes(), text.len());
    match error {
        Error::NodesLimitReached
        | Error::AttributesLimitReached
        | Error::NamespacesLimitReached => too_large("elements"),
        Error::DtdDetected => refusal::doctype(Position { line: 1, column: 1 }),
        Error::NoRootNode | Error::UnclosedRootNode | Error::UnexpectedEndOfStream => {
            refusal::cut_short(end)
        }
        other => {
            let at = other.pos();
            let at = Position {
                line: at.row,
                column: at.col,
            };
            if (at.line, at.column) == (end.line, end.column) {
                refusal::cut_short(at)
            } else {
                refusal::malformed(at)
            }
        }
    }
}

fn warn(reading: &mut Reading, code: WarningCode, line: u32, values: Values) {
    reading.warnings.push(Remark {
        code,
        line: Some(line),
        eleve_id: None,
        last_name: None,
        first_name: None,
        division: None,
        values,
    });
}

fn warn_of_encoding(reading: &mut Reading, declared: &str, used: &str) {
    let values = Values::default()
        .with("declared", declared)
        .with("used", used);
    warn(reading, WarningCode::EncodingMismatch, 1, values);
}

fn warn_of_file(
    reading: &mut Reading,
    parameters: &Parameters,
    root: Node<'_, '_>,
    lines: &mut Lines<'_>,
    request: &Request<'_>,
) {
    let expected = reading
        .file
        .school_year
        .is_some_and(|year| parameters::is_expected(year, request.reference_day));
    if let Some((year, line)) = parameters.year.as_ref().filter(|_| !expected) {
        let current = parameters::school_year(request.reference_day);
        let values = Values::default()
            .with("year", year.as_str())
            .with("expected", format!("{current}-{}", current + 1));
        warn(reading, WarningCode::SchoolYearUnexpected, *line, values);
    }
    let addresses = named(root, "DONNEES")
        .flat_map(|data| named(data, "ADRESSES"))
        .find(|section| section.children().any(|child| child.is_element()));
    if let Some(section) = addresses {
        warn(
            reading,
            WarningCode::AddressesDropped,
            lines.of(section),
            Values::default(),
        );
    }
}
