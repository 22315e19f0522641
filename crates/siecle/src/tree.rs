//! Small readings of an XML tree: texts, first children, lines.

use std::borrow::Cow;

use memchr::memchr_iter;
use pix_orga_exports::text::clean;
use roxmltree::Node;

/// The text of an element: its own texts and CDATA joined, without its comments nor what its children say.
pub fn raw_text<'a>(element: Node<'a, '_>) -> Cow<'a, str> {
    let mut texts = element
        .children()
        .filter(Node::is_text)
        .filter_map(|node| node.text());
    let first = texts.next().unwrap_or_default();
    match texts.next() {
        None => Cow::Borrowed(first),
        Some(second) => Cow::Owned([first, second].into_iter().chain(texts).collect()),
    }
}

/// The cleaned text of an element, when it has one.
pub fn value<'a>(element: Node<'a, '_>) -> Option<Cow<'a, str>> {
    Some(clean(raw_text(element))).filter(|value| !value.is_empty())
}

/// The cleaned value of an attribute, when it has one.
pub fn attribute<'a>(element: Node<'a, '_>, name: &str) -> Option<Cow<'a, str>> {
    let raw = element.attribute(name)?;
    Some(clean(Cow::Borrowed(raw))).filter(|value| !value.is_empty())
}

/// The child elements that have this name.
pub fn named<'a, 'input: 'a>(
    parent: Node<'a, 'input>,
    name: &'static str,
) -> impl Iterator<Item = Node<'a, 'input>> {
    parent
        .children()
        .filter(move |child| child.is_element() && child.tag_name().name() == name)
}

/// The first child of each name, in the order of `names`.
pub fn first_children<'a, 'input, const N: usize>(
    parent: Node<'a, 'input>,
    names: &[&str; N],
) -> [Option<Node<'a, 'input>>; N] {
    first_by(parent, |name| names.iter().position(|known| *known == name))
}

/// The first child at each place that `place` gives to a name.
pub fn first_by<'a, 'input, const N: usize>(
    parent: Node<'a, 'input>,
    place: impl Fn(&str) -> Option<usize>,
) -> [Option<Node<'a, 'input>>; N] {
    let mut found = [None; N];
    for child in parent.children().filter(Node::is_element) {
        if let Some(slot) = place(child.tag_name().name()).and_then(|at| found.get_mut(at)) {
            slot.get_or_insert(child);
        }
    }
    found
}

/// The lines of a text, asked mostly in order: each part of the text is looked at once.
pub struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u32,
}

impl<'a> Lines<'a> {
    pub fn new(text: &'a str) -> Self {
        Self {
            bytes: text.as_bytes(),
            at: 0,
            line: 1,
        }
    }

    /// The line of an element's start, from 1.
    pub fn of(&mut self, element: Node<'_, '_>) -> u32 {
        let at = element.range().start;
        if at < self.at {
            (self.at, self.line) = (0, 1);
        }
        let newlines = memchr_iter(b'\n', &self.bytes[self.at..at]).count();
        self.line = self
            .line
            .saturating_add(u32::try_from(newlines).unwrap_or(u32::MAX));
        self.at = at;
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use roxmltree::Document;

    #[test]
    fn text_is_what_the_element_itself_says() {
        let text = "<a>\n <b>x<!--no-->y<![CDATA[<z>]]>&#233;<c>no</c></b>\n<b>2</b></a>";
        let tree = Document::parse(text).unwrap();
        let [b, c] = first_children(tree.root_element(), &["b", "c"]);
        assert_eq!(value(b.unwrap()).unwrap(), "xy<z>é");
        assert!(c.is_none());
        assert_eq!(named(tree.root_element(), "b").count(), 2);
        let mut lines = Lines::new(text);
        let asked: Vec<u32> = named(tree.root_element(), "b")
            .map(|b| lines.of(b))
            .collect();
        assert_eq!(asked, [2, 3]);
        assert_eq!(lines.of(tree.root_element()), 1);
    }
}
