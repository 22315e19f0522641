//! The look at the bytes, before any tree is built: depth is bounded, and what an honest response has no use for is
//! refused. On well-formed XML it sees exactly the tags a parser sees; on any other, it stops no later than the parser.

use memchr::{memchr, memchr3, memmem};

use crate::reason::Reason;

/// XML attributes of one element. A tree's builder compares each with those before it: a posted answer could hold tens of
/// thousands, and cost their square. An honest element has a dozen, declarations of namespaces included.
pub const ATTRIBUTES_PER_ELEMENT_MAX: usize = 64;
/// Declarations of namespaces of a whole text: a tree's builder carries those in force to each element that declares
/// more. An honest answer has two for each of its values, at most.
pub const NAMESPACES_MAX: usize = 2_048;

/// Goes through a text.
///
/// # Errors
/// `TooManyAttributes`, `TooDeep`, `Dtd`, `ProcessingInstruction`, `Cdata`; `NotWellFormed` when a tag or a comment does not end.
pub fn look(xml: &str, depth_max: usize) -> Result<(), Reason> {
    let bytes = xml.as_bytes();
    let declarations = memmem::find_iter(bytes, b"xmlns");
    if declarations.take(NAMESPACES_MAX + 1).count() > NAMESPACES_MAX {
        return Err(Reason::TooManyAttributes);
    }
    let mut at = declaration_end(bytes)?;
    let mut depth = 0_usize;
    while let Some(next) = memchr(b'<', &bytes[at..]) {
        let start = at + next;
        let rest = &bytes[start..];
        at = start
            + match rest.get(1) {
                Some(b'!') => comment_length(rest)?,
                Some(b'?') => return Err(Reason::ProcessingInstruction),
                Some(b'/') => {
                    depth = depth.saturating_sub(1);
                    memchr(b'>', rest).ok_or(Reason::NotWellFormed)? + 1
                }
                _ => {
                    let length = start_tag_length(rest)?;
                    if depth >= depth_max {
                        return Err(Reason::TooDeep);
                    }
                    // `<a/>` opens nothing: what stands before `>` is outside quotes.
                    if rest[length - 2] != b'/' {
                        depth += 1;
                    }
                    length
                }
            };
    }
    Ok(())
}

/// The XML declaration may stand at the very start, and nowhere else. Its length, or nothing.
fn declaration_end(bytes: &[u8]) -> Result<usize, Reason> {
    let Some(after) = bytes.strip_prefix(b"<?xml") else {
        return Ok(0);
    };
    if !after.first().is_some_and(u8::is_ascii_whitespace) {
        return Err(Reason::ProcessingInstruction);
    }
    let end = memmem::find(bytes, b"?>").ok_or(Reason::NotWellFormed)?;
    Ok(end + "?>".len())
}

/// The length of a comment; nothing else may begin by `<!`.
fn comment_length(rest: &[u8]) -> Result<usize, Reason> {
    const OPEN: &[u8] = b"<!--";
    const CLOSE: &[u8] = b"-->";
    if rest.starts_with(b"<![CDATA[") {
        return Err(Reason::Cdata);
    }
    if !rest.starts_with(OPEN) {
        return Err(Reason::Dtd);
    }
    memmem::find(&rest[OPEN.len()..], CLOSE)
        .map(|inside| OPEN.len() + inside + CLOSE.len())
        .ok_or(Reason::NotWellFormed)
}

/// The length of a start tag, whose quoted values may hold `>`.
fn start_tag_length(rest: &[u8]) -> Result<usize, Reason> {
    let mut at = 1;
    let mut attributes = 0_usize;
    while let Some(next) = memchr3(b'>', b'"', b'\'', &rest[at..]) {
        let found = at + next;
        if rest[found] == b'>' {
            return Ok(found + 1);
        }
        let closing = memchr(rest[found], &rest[found + 1..]).ok_or(Reason::NotWellFormed)?;
        at = found + 1 + closing + 1;
        attributes += 1;
        if attributes > ATTRIBUTES_PER_ELEMENT_MAX {
            return Err(Reason::TooManyAttributes);
        }
    }
    Err(Reason::NotWellFormed)
}

#[cfg(test)]
mod tests {
    use super::{ATTRIBUTES_PER_ELEMENT_MAX, NAMESPACES_MAX, look};
    use crate::reason::Reason;

    fn nested(depth: usize) -> String {
        format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth))
    }

    #[test]
    fn depth_is_counted_to_the_last_element() {
        assert_eq!(look(&nested(4), 4), Ok(()));
        assert_eq!(look(&nested(5), 4), Err(Reason::TooDeep));
        assert_eq!(look("<a><a><a><a/></a></a></a>", 4), Ok(()));
        assert_eq!(
            look("<a><a><a><a><a/></a></a></a></a>", 4),
            Err(Reason::TooDeep)
        );
        let wide = format!("<a>{}</a>", "<b/><c></c>".repeat(200));
        assert_eq!(look(&wide, 2), Ok(()));
    }

    #[test]
    fn nothing_hides_a_tag_or_makes_one_up() {
        for honest in [
            r#"<a x="</a></a>"><b y='>"<'/></a>"#,
            "<a><!-- <b><b><b><b> --></a>",
            r#"<a x='"'><b y="'"/></a>"#,
            "<a>x > y ]]</a>",
            r#"<a x="/"></a>"#,
        ] {
            assert_eq!(look(honest, 2), Ok(()), "{honest}");
        }
        for deep in [
            r#"<a x="/"><a y="/"><b></b></a></a>"#,
            "<a><!-- </a> --><a><!----><b/></a></a>",
            "<a x='/>'><a y='-->'><b/></a></a>",
        ] {
            assert_eq!(look(deep, 2), Err(Reason::TooDeep), "{deep}");
        }
    }

    #[test]
    fn an_element_has_a_bounded_number_of_attributes_and_a_text_of_namespaces() {
        let tag = |count: usize| {
            let attributes = (0..count).map(|number| format!(" a{number}='>'"));
            format!("<a{}/>", attributes.collect::<String>())
        };
        let two = |count| format!("<b>{}{}</b>", tag(count), tag(count));
        assert_eq!(look(&two(ATTRIBUTES_PER_ELEMENT_MAX), 2), Ok(()));
        let one_more = two(ATTRIBUTES_PER_ELEMENT_MAX + 1);
        assert_eq!(look(&one_more, 2), Err(Reason::TooManyAttributes));
        let declaring = |count: usize| format!("<b>{}</b>", "<a xmlns:c='d'/>".repeat(count));
        assert_eq!(look(&declaring(NAMESPACES_MAX), 2), Ok(()));
        let one_more = declaring(NAMESPACES_MAX + 1);
        assert_eq!(look(&one_more, 2), Err(Reason::TooManyAttributes));
    }

    #[test]
    fn what_an_honest_response_has_no_use_for_is_named() {
        assert_eq!(look("<?xml version='1.0'?><a/>", 2), Ok(()));
        for (text, reason) in [
            ("<!DOCTYPE a><a/>", Reason::Dtd),
            ("<a><!ELEMENT b ANY></a>", Reason::Dtd),
            ("<a><![CDATA[b]]></a>", Reason::Cdata),
            ("<?b c?><a/>", Reason::ProcessingInstruction),
            (
                "<?xml-stylesheet href='b'?><a/>",
                Reason::ProcessingInstruction,
            ),
            (" <?xml version='1.0'?><a/>", Reason::ProcessingInstruction),
            ("<a/><?b?>", Reason::ProcessingInstruction),
            ("<a", Reason::NotWellFormed),
            ("<a b='>", Reason::NotWellFormed),
            ("<a><!-- </a>", Reason::NotWellFormed),
            ("<a></a", Reason::NotWellFormed),
            ("<?xml ", Reason::NotWellFormed),
        ] {
            assert_eq!(look(text, 2), Err(reason), "{text}");
        }
    }
}
