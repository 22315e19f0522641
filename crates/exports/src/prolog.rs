//! What comes before the root of an XML text, and the root's name, without building a tree.
//!
//! It reads bytes that agree with ASCII, so it serves before the encoding is known.

use memchr::memchr;
use memchr::memmem;

/// The beginning of a text.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Prolog<'a> {
    /// `encoding` of the XML declaration.
    pub label: Option<&'a [u8]>,
    /// Where the first `<!DOCTYPE` is, and the name it declares.
    pub doctype: Option<(usize, &'a [u8])>,
    /// The local name of the root, and where its tag starts.
    pub root: Option<(usize, &'a [u8])>,
}

/// Puts the XML declaration first, before the blanks that some tool left there, where XML forbids them. Nothing changes
/// length, nor line after the declaration.
pub fn declaration_first(text: String) -> String {
    let led = text.trim_start();
    let blanks = text.len() - led.len();
    if blanks == 0 {
        return text;
    }
    let end = match led.strip_prefix("<?xml") {
        Some(rest) if rest.starts_with([' ', '\t', '\r', '\n']) => {
            led.find("?>").map_or(0, |end| end + 2)
        }
        _ => 0,
    };
    let rest = &led[end..];
    // Blanks that XML does not know are as wide.
    let blank = |byte: u8| {
        if matches!(byte, b'\t' | b'\r' | b'\n') {
            char::from(byte)
        } else {
            ' '
        }
    };
    let mut first = String::with_capacity(text.len());
    first.push_str(&led[..end]);
    first.extend(text.bytes().take(blanks).map(blank));
    first.push_str(rest);
    first
}

/// Reads the beginning of `bytes`, from its first byte after any byte-order mark.
pub fn scan(bytes: &[u8]) -> Prolog<'_> {
    let mut prolog = Prolog {
        label: declared_label(bytes),
        ..Prolog::default()
    };
    let mut at = 0;
    loop {
        at += blanks(&bytes[at..]);
        let rest = &bytes[at..];
        let end = if rest.starts_with(b"<!--") {
            after(rest, b"-->")
        } else if rest.starts_with(b"<?") {
            after(rest, b"?>")
        } else if starts_with_any_case(rest, b"<!DOCTYPE") {
            prolog.doctype.get_or_insert((at, doctype_name(rest)));
            after_doctype(rest)
        } else {
            if rest.first() == Some(&b'<') {
                let name = local_name(name(&rest[1..]));
                prolog.root = (!name.is_empty()).then_some((at, name));
            }
            return prolog;
        };
        match end {
            Some(end) => at += end,
            None => return prolog,
        }
    }
}

/// Whether a byte is a blank of XML, or one that editors leave.
pub fn is_blank(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte == 0x0B
}

/// How many blanks are at the start.
pub fn blanks(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .position(|byte| !is_blank(*byte))
        .unwrap_or(bytes.len())
}

fn after(bytes: &[u8], mark: &[u8]) -> Option<usize> {
    memmem::find(bytes, mark).map(|at| at + mark.len())
}

fn starts_with_any_case(bytes: &[u8], mark: &[u8]) -> bool {
    bytes
        .get(..mark.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(mark))
}

fn name(bytes: &[u8]) -> &[u8] {
    let ends = |byte: &u8| is_blank(*byte) || matches!(byte, b'>' | b'/' | b'<' | b'[' | b'!');
    &bytes[..bytes.iter().position(ends).unwrap_or(bytes.len())]
}

fn local_name(name: &[u8]) -> &[u8] {
    memchr(b':', name).map_or(name, |colon| &name[colon + 1..])
}

fn doctype_name(doctype: &[u8]) -> &[u8] {
    let rest = &doctype[b"<!DOCTYPE".len()..];
    name(&rest[blanks(rest)..])
}

/// The end of a doctype, its internal subset included.
fn after_doctype(doctype: &[u8]) -> Option<usize> {
    let mut quote = None;
    let mut brackets = 0_usize;
    for (at, byte) in doctype.iter().enumerate() {
        match (quote, byte) {
            (None, b'"' | b'\'') => quote = Some(*byte),
            (Some(open), close) if open == *close => quote = None,
            (None, b'[') => brackets += 1,
            (None, b']') => brackets = brackets.saturating_sub(1),
            (None, b'>') if brackets == 0 => return Some(at + 1),
            _ => {}
        }
    }
    None
}

fn declared_label(bytes: &[u8]) -> Option<&[u8]> {
    let body = bytes[blanks(bytes)..].strip_prefix(b"<?xml")?;
    if !body.first().copied().is_some_and(is_blank) {
        return None;
    }
    let body = &body[..memmem::find(body, b"?>")?];
    let rest = &body[memmem::find(body, b"encoding")? + b"encoding".len()..];
    let rest = rest[blanks(rest)..].strip_prefix(b"=")?;
    let rest = &rest[blanks(rest)..];
    let quote = *rest.first().filter(|byte| matches!(byte, b'"' | b'\''))?;
    let value = &rest[1..];
    Some(&value[..memchr(quote, value)?])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declaration_doctype_and_root_are_found() {
        let prolog = scan(
            b"<?xml version='1.0' encoding = \"ISO-8859-15\" ?>\n<!-- <a> --><?pi <b> ?>\n\
              <!DOCTYPE x [<!ENTITY a \"]>\">]>\n<x:BEE_ELEVES V='1'>",
        );
        assert_eq!(prolog.label, Some(&b"ISO-8859-15"[..]));
        assert_eq!(prolog.doctype.unwrap().1, b"x");
        assert_eq!(prolog.root.unwrap().1, b"BEE_ELEVES");
    }

    #[test]
    fn blanks_before_the_declaration_go_after_it() {
        let declared = "<?xml version='1.0' encoding='UTF-8'?>";
        for (text, first) in [
            (
                format!("\n\r\n {declared}\n<a/>"),
                format!("{declared}\n\r\n \n<a/>"),
            ),
            (
                format!("\u{b}\u{a0}{declared}<a/>"),
                format!("{declared}   <a/>"),
            ),
            (format!("{declared}\n<a/>"), format!("{declared}\n<a/>")),
            ("\u{c}\n<a/>".to_owned(), " \n<a/>".to_owned()),
            ("\n<?xml ".to_owned(), "\n<?xml ".to_owned()),
            ("\n<?xmlx?>".to_owned(), "\n<?xmlx?>".to_owned()),
            (" ".to_owned(), " ".to_owned()),
        ] {
            assert_eq!(declaration_first(text.clone()), first, "{text:?}");
        }
        assert_eq!(
            scan(format!("\n\n{declared}<a/>").as_bytes()).label,
            Some(&b"UTF-8"[..])
        );
    }

    #[test]
    fn beginnings_that_lead_nowhere_are_answered() {
        for text in [
            "",
            " ",
            "<",
            "<!--",
            "<?xml",
            "<!DOCTYPE",
            "a;b",
            "<?xml encoding=?><",
            "</a>",
        ] {
            assert_eq!(scan(text.as_bytes()).root, None, "{text}");
        }
        assert_eq!(scan(b"<?xmlencoding='x'?><a/>").label, None);
        assert_eq!(scan(b"<?xml encoding=''?><a/>").label, Some(&b""[..]));
    }
}
