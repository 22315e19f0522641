//! A pass over a text before its tree is built: how deep, how many nodes, how many pupils; and fewer blanks.
//!
//! It follows tags without judging them; what is wrong is left to the XML reader. It exists because building the tree
//! of a hostile file costs time and memory, and this costs a pass. While there, it moves the blanks between two tags
//! into the first one, where XML allows them (`<A>␤<B>` becomes `<A␤><B>`): the tree of an export has then 40 % fewer
//! nodes. No `<` moves, and none changes line.

use memchr::{memchr, memchr_iter, memmem};
use pix_orga_domain::roster::reading::FileRefusal;
use pix_orga_exports::refusal::{too_large, too_many};

use crate::limits::{
    ATTRIBUTES_PER_ELEMENT_MAX, DEPTH_MAX, MARKS_MAX, NAMESPACES_MAX, NODES_MAX, STUDENTS_MAX,
};

/// Where the pupils are: `BEE_ELEVES`, `DONNEES`, `ELEVES`, `ELEVE`.
const STUDENT_DEPTH: usize = 4;

/// Checks what a text would cost, and tightens it.
///
/// # Errors
/// `too_large`, as soon as a limit is passed.
pub fn tighten(text: String) -> Result<String, FileRefusal> {
    let mut bytes = text.into_bytes();
    for mark in [b'<', b'='] {
        if memchr_iter(mark, &bytes).count() > MARKS_MAX {
            return Err(too_large("tags"));
        }
    }
    follow(&mut bytes, &mut Counts::default())?;
    // ASCII was exchanged with ASCII: the text is what it was.
    Ok(String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
}

fn follow(bytes: &mut [u8], counts: &mut Counts) -> Result<(), FileRefusal> {
    let mut at = 0;
    let mut after_tag = false;
    while let Some(gap) = memchr(b'<', &bytes[at..]) {
        counts.text(gap)?;
        if after_tag && gap > 0 {
            close_up(bytes, at, at + gap);
        }
        at += gap;
        let rest = &bytes[at..];
        after_tag = false;
        at += match rest.get(1) {
            Some(b'/') => {
                after_tag = true;
                counts.depth = counts.depth.saturating_sub(1);
                counts.in_text = false;
                until(rest, b">")
            }
            Some(b'!') if rest.starts_with(b"<![CDATA[") => {
                counts.text(1)?;
                until(rest, b"]]>")
            }
            Some(b'!') if rest.starts_with(b"<!--") => {
                counts.node()?;
                until(rest, b"-->")
            }
            Some(b'?') => {
                counts.node()?;
                until(rest, b"?>")
            }
            Some(b'!') | None => 1,
            Some(_) => {
                after_tag = true;
                counts.element(rest)?
            }
        };
    }
    Ok(())
}

/// Moves the end of the tag before `start` to `end`, when only blanks are between.
fn close_up(bytes: &mut [u8], start: usize, end: usize) {
    let blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
    if !bytes[start..end].iter().all(blank) {
        return;
    }
    let close: &[u8] = match bytes[..start] {
        [.., b'/', b'>'] => b"/>",
        [.., b'>'] => b">",
        _ => return,
    };
    bytes.copy_within(start..end, start - close.len());
    bytes[end - close.len()..end].copy_from_slice(close);
}

/// The length up to a mark, included.
fn until(rest: &[u8], mark: &[u8]) -> usize {
    let end = match mark {
        [byte] => memchr(*byte, rest),
        _ => memmem::find(rest, mark),
    };
    end.map_or(rest.len(), |end| end + mark.len())
}

#[derive(Default)]
struct Counts {
    depth: usize,
    nodes: u32,
    students: usize,
    namespaces: usize,
    /// A text is being read: pieces of it are one node.
    in_text: bool,
}

impl Counts {
    fn node(&mut self) -> Result<(), FileRefusal> {
        self.in_text = false;
        self.count()
    }

    fn count(&mut self) -> Result<(), FileRefusal> {
        self.nodes += 1;
        if self.nodes > NODES_MAX {
            return Err(too_large("elements"));
        }
        Ok(())
    }

    fn text(&mut self, length: usize) -> Result<(), FileRefusal> {
        if length == 0 || self.depth == 0 || self.in_text {
            return Ok(());
        }
        self.in_text = true;
        self.count()
    }

    /// Counts a start tag and gives its length.
    fn element(&mut self, rest: &[u8]) -> Result<usize, FileRefusal> {
        self.node()?;
        let (length, attributes) = tag(rest)?;
        let tag = &rest[..length];
        if attributes > 0 {
            self.namespaces += memmem::find_iter(tag, b"xmlns").count();
            if self.namespaces > NAMESPACES_MAX {
                return Err(too_large("namespaces"));
            }
        }
        if self.depth + 1 > DEPTH_MAX {
            return Err(too_large("depth"));
        }
        if self.depth + 1 == STUDENT_DEPTH && is_student(tag) {
            self.students += 1;
            if self.students > STUDENTS_MAX {
                return Err(too_many("students", STUDENTS_MAX));
            }
        }
        if !tag.ends_with(b"/>") {
            self.depth += 1;
        }
        Ok(length)
    }
}

fn is_student(tag: &[u8]) -> bool {
    tag.strip_prefix(b"<ELEVE")
        .and_then(<[u8]>::first)
        .is_some_and(|next| matches!(next, b' ' | b'\t' | b'\r' | b'\n' | b'>' | b'/'))
}

/// The length of a start tag and how many attributes it has.
fn tag(rest: &[u8]) -> Result<(usize, usize), FileRefusal> {
    let mut quote = 0;
    let mut attributes = 0;
    for (at, &byte) in rest.iter().enumerate() {
        match byte {
            b'>' if quote == 0 => return Ok((at + 1, attributes)),
            b'"' | b'\'' if quote == 0 => quote = byte,
            b'=' if quote == 0 => {
                attributes += 1;
                if attributes > ATTRIBUTES_PER_ELEMENT_MAX {
                    return Err(too_large("attributes"));
                }
            }
            _ if byte == quote => quote = 0,
            _ => {}
        }
    }
    Ok((rest.len(), attributes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use roxmltree::Document;

    fn refused(text: &str) -> bool {
        tighten(text.to_owned()).is_err()
    }

    #[test]
    fn depth_is_counted_from_the_root() {
        let nested = |depth: usize| format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
        assert!(!refused(&nested(DEPTH_MAX)));
        assert!(refused(&nested(DEPTH_MAX + 1)));
        assert!(!refused(&"<a></a><b c='>'/>".repeat(100)));
        assert!(!refused(&format!("<a><!--{}--></a>", "<b>".repeat(100))));
        assert!(!refused(&format!(
            "<a><![CDATA[{}]]></a>",
            "<b>".repeat(100)
        )));
    }

    #[test]
    fn pupils_are_counted_where_they_are() {
        let file = |n: usize| format!("<B><D><E>{}</E></D></B>", "<ELEVE A='1'></ELEVE>".repeat(n));
        assert!(!refused(&file(STUDENTS_MAX)));
        assert!(refused(&file(STUDENTS_MAX + 1)));
        assert!(!refused(&format!(
            "<B>{}</B>",
            "<ELEVE/>".repeat(STUDENTS_MAX + 1)
        )));
    }

    #[test]
    fn nodes_attributes_and_namespaces_are_bounded() {
        let many = usize::try_from(NODES_MAX).unwrap();
        assert!(!refused(&format!("<a>{}</a>", "<b/>".repeat(many - 1))));
        assert!(refused(&format!("<a>{}</a>", "<b/>".repeat(many))));
        assert!(refused(&"<".repeat(MARKS_MAX + 1)));
        assert!(refused(&format!("<a>{}</a>", "=".repeat(MARKS_MAX + 1))));
        assert!(refused(&format!(
            "<a{}/>",
            " b=''".repeat(ATTRIBUTES_PER_ELEMENT_MAX + 1)
        )));
        assert!(refused(&format!(
            "<a>{}</a>",
            "<b xmlns:c='d'/>".repeat(NAMESPACES_MAX + 1)
        )));
    }

    /// The counts agree with those of the tree.
    #[test]
    fn nodes_are_the_trees() {
        let text = "<a>x<b/>y&amp;<![CDATA[z]]>w<!--c-->v<?p q?><c>1<d></d> </c>\n</a>";
        let tree = Document::parse(text).unwrap();
        let mut counts = Counts::default();
        follow(&mut text.to_owned().into_bytes(), &mut counts).unwrap();
        assert_eq!(counts.nodes as usize, tree.descendants().count() - 1);
    }

    #[test]
    fn blanks_between_tags_go_into_the_first() {
        for (text, tight) in [
            (
                "<a>\n<b/>\r\n  <c>x</c> </a>\n",
                "<a\n><b\r\n  /><c>x</c ></a>\n",
            ),
            (
                "<a> x </a> <!-- a> <b --> <c/>",
                "<a> x </a ><!-- a> <b --> <c/>",
            ),
            (
                "<a b='> <'> <![CDATA[x> <y]]> <b>\u{a0}</b></a>",
                "<a b='> <' ><![CDATA[x> <y]]> <b>\u{a0}</b></a>",
            ),
            ("<?x?> <a>x > </a>", "<?x?> <a>x > </a>"),
            ("<", "<"),
            ("> <", "> <"),
        ] {
            assert_eq!(tighten(text.to_owned()).unwrap(), tight);
        }
    }

    proptest! {
        #[test]
        fn a_tightened_text_says_the_same(parts in prop::collection::vec(prop::sample::select(vec![
            "<a>", "</a>", "<b c='d>'>", "</b>", "<e/>", "<f />", " ", "\n", "\r\n", "x", ">", "é", "<!-- <x> -->",
            "<![CDATA[<y> ]]>", "<?p <z> ?>", "&#10;",
        ]), 0..40)) {
            let text = format!("<r>{}</r>\n", parts.concat());
            let tight = tighten(text.clone()).unwrap();
            prop_assert_eq!(tight.len(), text.len());
            let (before, after) = (Document::parse(&text), Document::parse(&tight));
            prop_assert_eq!(before.is_ok(), after.is_ok());
            if let (Ok(before), Ok(after)) = (before, after) {
                let said = |tree: &Document<'_>| -> Vec<(String, usize, Option<String>)> {
                    let elements = tree.descendants().filter(roxmltree::Node::is_element);
                    elements
                        .map(|element| {
                            let leaf = !element.children().any(|child| child.is_element());
                            let value = leaf.then(|| crate::tree::value(element)).flatten();
                            (
                                element.tag_name().name().to_owned(),
                                element.range().start,
                                value.map(std::borrow::Cow::into_owned),
                            )
                        })
                        .collect()
                };
                prop_assert_eq!(said(&before), said(&after));
            }
        }
    }
}
