//! Cuts, moves and sews the pieces of responses, by their place in the text: what was signed keeps its bytes.

use std::ops::Range;

use roxmltree::{Document, Node};

/// Numbers that look drawn, the same at each run: `SplitMix64`.
pub struct Draw(u64);

impl Draw {
    /// A sequence of its own for each seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// One below a bound.
    pub fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound.max(1)).unwrap();
        usize::try_from(self.next() % bound).unwrap()
    }

    /// One of these.
    pub fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }

    fn word(&mut self, all: &[&'static str]) -> &'static str {
        all[self.below(all.len())]
    }
}

/// Where the pieces of a text are.
struct Pieces {
    elements: Vec<Element>,
    texts: Vec<Range<usize>>,
}

struct Element {
    whole: Range<usize>,
    /// What stands between its tags; empty at the end for `<a/>`.
    inside: Range<usize>,
    /// With its prefix, as it is written.
    name: String,
    local: String,
    /// Each attribute, whole, then its value.
    attributes: Vec<(Range<usize>, Range<usize>)>,
}

const NAMES: &[&str] = &[
    "Response",
    "Assertion",
    "Signature",
    "Object",
    "Advice",
    "Extensions",
    "Attribute",
    "AttributeValue",
    "Subject",
    "NameID",
    "Issuer",
    "Conditions",
    "Evidence",
    "x",
];
const NAMESPACES: &[&str] = &[
    "urn:oasis:names:tc:SAML:2.0:assertion",
    "urn:oasis:names:tc:SAML:2.0:protocol",
    "http://www.w3.org/2000/09/xmldsig#",
    "urn:x",
    "",
];
const PREFIXES: &[&str] = &["", ":saml", ":samlp", ":ds", ":xs", ":x"];
const VALUES: &[&str] = &[
    "",
    "_a71be",
    "_b82cf",
    "_r0f3a",
    "#_a71be",
    "#_b82cf",
    "#_r0f3a",
    "#",
    "IDO",
    "UAI",
    "PRO",
    "NOM",
    "2.0",
    "2026-10-05T08:40:00Z",
    "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
    "http://www.w3.org/2001/10/xml-exc-c14n#",
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
    "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256",
    "urn:x",
];
const MORE_ATTRIBUTES: &[&str] = &[
    "ID=\"_a71be\"",
    "Id=\"_a71be\"",
    "id=\"_a71be\"",
    "xml:id=\"_a71be\"",
    "AssertionID=\"_a71be\"",
    "ID=\"_r0f3a\"",
    "Name=\"IDO\"",
    "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:nil=\"true\"",
    "xml:space=\"preserve\"",
    "xml:base=\"urn:x\"",
];
const INTRUDERS: &[&str] = &[
    "<!---->",
    "<!-- -->",
    "<?x?>",
    "<?x y?>",
    "&#x41;",
    "&amp;",
    "&x;",
    "<![CDATA[]]>",
    "<![CDATA[A]]>",
    " ",
    "\n",
    "\u{feff}",
    "\u{301}",
    "A",
    "<x/>",
];

fn pieces(text: &str) -> Option<Pieces> {
    let document = Document::parse(text).ok()?;
    let elements = document
        .descendants()
        .filter(Node::is_element)
        .map(|node| element(text, node))
        .collect();
    let texts = document
        .descendants()
        .filter(Node::is_text)
        .map(|node| node.range())
        .collect();
    Some(Pieces { elements, texts })
}

fn element(text: &str, node: Node<'_, '_>) -> Element {
    let whole = node.range();
    let source = &text[whole.clone()];
    let name: String = source[1..]
        .chars()
        .take_while(|c| !c.is_whitespace() && !"/>".contains(*c))
        .collect();
    let inside = match (node.first_child(), node.last_child()) {
        (Some(first), Some(last)) => first.range().start..last.range().end,
        _ => whole.end..whole.end,
    };
    Element {
        whole,
        inside,
        name,
        local: node.tag_name().name().to_owned(),
        attributes: node
            .attributes()
            .map(|one| (one.range(), one.range_value()))
            .collect(),
    }
}

fn put(text: &str, place: Range<usize>, new: &str) -> String {
    format!("{}{new}{}", &text[..place.start], &text[place.end..])
}

/// Changes a response once, maybe with a piece of another one. The same text comes back when the change drawn has
/// nothing to bite on.
pub fn mutate(text: &str, other: &str, draw: &mut Draw) -> String {
    let (Some(mine), Some(theirs)) = (pieces(text), pieces(other)) else {
        return bytes(text, draw);
    };
    match draw.below(16) {
        0 => put(text, draw.of(&mine.elements).whole.clone(), ""),
        1 => again(text, &mine, draw),
        2 | 3 => moved(text, &mine, draw),
        4 => wrapped(text, &mine, draw),
        5 => renamed(text, &mine, draw),
        6 => redeclared(text, &mine, draw),
        7 | 8 => attribute(text, &mine, draw),
        9 | 10 => intruder(text, &mine, draw),
        11 => text_of_other(text, &mine, (other, &theirs), draw),
        12 => spliced(text, &mine, (other, &theirs), draw),
        13 => inserted(text, &mine, (other, &theirs), draw),
        14 => forged(text, &mine, (other, &theirs), draw),
        _ => bytes(text, draw),
    }
}

fn again(text: &str, mine: &Pieces, draw: &mut Draw) -> String {
    let one = draw.of(&mine.elements);
    put(text, one.whole.end..one.whole.end, &text[one.whole.clone()])
}

/// Before, after, or at the start or the end of what another element holds.
fn place(mine: &Pieces, draw: &mut Draw) -> usize {
    let there = draw.of(&mine.elements);
    *draw.of(&[
        there.whole.start,
        there.whole.end,
        there.inside.start,
        there.inside.end,
    ])
}

fn moved(text: &str, mine: &Pieces, draw: &mut Draw) -> String {
    let one = draw.of(&mine.elements);
    let to = place(mine, draw);
    let held = &text[one.whole.clone()];
    if to <= one.whole.start {
        let cut = put(text, one.whole.clone(), "");
        put(&cut, to..to, held)
    } else if to >= one.whole.end {
        let sewn = put(text, to..to, held);
        put(&sewn, one.whole.clone(), "")
    } else {
        text.to_owned()
    }
}

fn wrapped(text: &str, mine: &Pieces, draw: &mut Draw) -> String {
    let one = draw.of(&mine.elements);
    let (name, namespace) = (draw.word(NAMES), draw.word(NAMESPACES));
    let inside = &text[one.whole.clone()];
    let around = format!("<{name} xmlns=\"{namespace}\">{inside}</{name}>");
    put(text, one.whole.clone(), &around)
}

fn renamed(text: &str, mine: &Pieces, draw: &mut Draw) -> String {
    let one = draw.of(&mine.elements);
    let prefix = draw.word(PREFIXES).trim_start_matches(':');
    let local = if draw.below(2) == 0 {
        draw.word(NAMES)
    } else {
        one.local.as_str()
    };
    let name = if prefix.is_empty() {
        local.to_owned()
    } else {
        format!("{prefix}:{local}")
    };
    let source = &text[one.whole.clone()];
    let mut changed = format!("<{name}{}", &source[1 + one.name.len()..]);
    if let Some(start) = changed.strip_suffix(&format!("</{}>", one.name)) {
        changed = format!("{start}</{name}>");
    }
    put(text, one.whole.clone(), &changed)
}

fn redeclared(text: &str, mine: &Pieces, draw: &mut Draw) -> String {
    let one = draw.of(&mine.elements);
    let at = one.whole.start + 1 + one.name.len();
    let (prefix, namespace) = (draw.word(PREFIXES), draw.word(NAMESPACES));
    put(text, at..at, &format!(" xmlns{prefix}=\"{namespace}\""))
}

fn attribute(text: &str, mine: &Pieces, draw: &mut Draw) -> String {
    let one = draw.of(&mine.elements);
    let at = one.whole.start + 1 + one.name.len();
    let Some((whole, value)) = (!one.attributes.is_empty()).then(|| draw.of(&one.attributes))
    else {
        return put(text, at..at, &format!(" {}", draw.word(MORE_ATTRIBUTES)));
    };
    match draw.below(4) {
        0 => put(text, whole.clone(), ""),
        1 => put(text, at..at, &format!(" {}", draw.word(MORE_ATTRIBUTES))),
        2 => put(text, value.clone(), draw.word(VALUES)),
        _ => {
            let elsewhere = draw.of(&mine.elements);
            match elsewhere.attributes.first() {
                Some((_, from)) => put(text, value.clone(), &text[from.clone()]),
                None => text.to_owned(),
            }
        }
    }
}

fn intruder(text: &str, mine: &Pieces, draw: &mut Draw) -> String {
    let at = if draw.below(2) == 0 {
        let held = draw.of(&mine.texts).clone();
        boundary(text, held.start + draw.below(held.len() + 1))
    } else {
        place(mine, draw)
    };
    put(text, at..at, draw.word(INTRUDERS))
}

fn text_of_other(text: &str, mine: &Pieces, theirs: (&str, &Pieces), draw: &mut Draw) -> String {
    let place = draw.of(&mine.texts).clone();
    let other = draw.of(&theirs.1.texts).clone();
    put(text, place, &theirs.0[other])
}

/// An element gives its place to the one of the same name in the other response, or to any.
fn spliced(text: &str, mine: &Pieces, theirs: (&str, &Pieces), draw: &mut Draw) -> String {
    let one = draw.of(&mine.elements);
    let same: Vec<&Element> = theirs
        .1
        .elements
        .iter()
        .filter(|other| other.local == one.local)
        .collect();
    let other = if same.is_empty() || draw.below(4) == 0 {
        draw.of(&theirs.1.elements)
    } else {
        draw.of(&same)
    };
    put(text, one.whole.clone(), &theirs.0[other.whole.clone()])
}

fn inserted(text: &str, mine: &Pieces, theirs: (&str, &Pieces), draw: &mut Draw) -> String {
    let other = draw.of(&theirs.1.elements).whole.clone();
    let to = place(mine, draw);
    put(text, to..to, &theirs.0[other])
}

/// The other's assertion without its signature, beside or around the signed one.
fn forged(text: &str, mine: &Pieces, theirs: (&str, &Pieces), draw: &mut Draw) -> String {
    let find = |pieces: &Pieces, name: &str| {
        let found = pieces.elements.iter().rfind(|one| one.local == name);
        found.map(|one| one.whole.clone())
    };
    let (Some(signed), Some(other), Some(signature)) = (
        find(mine, "Assertion"),
        find(theirs.1, "Assertion"),
        find(theirs.1, "Signature"),
    ) else {
        return text.to_owned();
    };
    if signature.start < other.start || signature.end > other.end {
        return text.to_owned();
    }
    let bare = [
        &theirs.0[other.start..signature.start],
        &theirs.0[signature.end..other.end],
    ];
    let own = &text[signed.clone()];
    let changed = match draw.below(4) {
        0 => format!("{}{}{own}", bare[0], bare[1]),
        1 => format!("{own}{}{}", bare[0], bare[1]),
        2 => format!("{}{own}{}", bare[0], bare[1]),
        _ => match find(mine, "Signature") {
            Some(stolen) => format!("{}{}{}", bare[0], &text[stolen], bare[1]),
            None => return text.to_owned(),
        },
    };
    put(text, signed, &changed)
}

/// A few characters go, come twice, or become another one.
fn bytes(text: &str, draw: &mut Draw) -> String {
    let start = boundary(text, draw.below(text.len() + 1));
    let end = boundary(text, (start + draw.below(12)).min(text.len())).max(start);
    match draw.below(3) {
        0 => put(text, start..end, ""),
        1 => put(text, end..end, &text[start..end]),
        _ => put(text, start..end, draw.word(INTRUDERS)),
    }
}

fn boundary(text: &str, at: usize) -> usize {
    (0..=at)
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0)
}
