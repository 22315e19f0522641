//! The two shapes of a mail, made from the same paragraphs.

use askama::Template;

use crate::{Link, RenderError};

/// Characters in a line of the text: fits where 78 is the custom (RFC 5322, 2.1.1), once quoted too.
const TEXT_LINE_CHARS_MAX: usize = 72;

#[derive(Template)]
#[template(path = "frame.html")]
struct Frame<'a> {
    subject: &'a str,
    paragraphs: &'a [String],
    link: Option<&'a Link>,
    signature: &'a [String],
}

/// The text alternative: paragraphs, the link alone on its line, the signature.
pub fn text(paragraphs: &[String], link: Option<&Link>, signature: &[String]) -> String {
    let mut blocks: Vec<String> = paragraphs.iter().map(|said| wrapped(said)).collect();
    if let Some(link) = link {
        blocks.push(format!("{}\u{a0}:\n{}", link.label, link.url));
    }
    blocks.push(signature.join("\n"));
    let mut text = blocks.join("\n\n");
    text.push('\n');
    text
}

/// The whole document, escaped.
pub fn html(
    subject: &str,
    paragraphs: &[String],
    link: Option<&Link>,
    signature: &[String],
) -> Result<String, RenderError> {
    Ok(Frame {
        subject,
        paragraphs,
        link,
        signature,
    }
    .render()?)
}

/// Cuts at ordinary spaces; a word longer than a line is cut too.
fn wrapped(paragraph: &str) -> String {
    let mut text = String::new();
    let mut used = 0;
    for word in paragraph.split(' ') {
        let length = word.chars().count();
        if used > 0 && used + 1 + length > TEXT_LINE_CHARS_MAX {
            text.push('\n');
            used = 0;
        } else if used > 0 {
            text.push(' ');
            used += 1;
        }
        for c in word.chars() {
            if used == TEXT_LINE_CHARS_MAX {
                text.push('\n');
                used = 0;
            }
            text.push(c);
            used += 1;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{TEXT_LINE_CHARS_MAX, wrapped};

    #[test]
    fn no_line_is_too_long_and_no_word_is_lost() {
        let long = "é".repeat(TEXT_LINE_CHARS_MAX + 10);
        for paragraph in [
            "",
            "un mot",
            &long,
            &format!("a {long} b"),
            &"mot ".repeat(90),
        ] {
            let text = wrapped(paragraph);
            assert!(
                text.lines()
                    .all(|line| line.chars().count() <= TEXT_LINE_CHARS_MAX)
            );
            let letters = |text: &str| text.replace(['\n', ' '], "");
            assert_eq!(letters(&text), letters(paragraph));
        }
        assert_eq!(wrapped("un\u{a0}mot"), "un\u{a0}mot");
    }
}
