//! Words put in a mail: names that people or files gave, and counts.

/// A name in one line that no mail reader turns into a link: a person may be called `http://example.org`, and a mail
/// has one link.
pub fn harmless(name: &str) -> String {
    let visible: String = name
        .replace("://", " ")
        .chars()
        .filter(|c| c.is_whitespace() || !is_invisible(*c))
        .collect();
    let line = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut safe = String::with_capacity(line.len());
    let mut after_dot = false;
    for c in line.chars() {
        if after_dot && c.is_alphanumeric() {
            safe.push(' ');
        }
        after_dot = matches!(c, '.' | '@' | '\u{3002}' | '\u{FF0E}');
        safe.push(c);
    }
    safe
}

/// Controls, zero-width characters and direction marks.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

/// A count in French: thousands apart by a narrow space that holds.
pub fn count(number: u32) -> String {
    let digits = number.to_string();
    let mut told = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            told.push('\u{202f}');
        }
        told.push(digit);
    }
    told
}

#[cfg(test)]
mod tests {
    use super::{count, harmless};

    #[test]
    fn a_name_is_one_line_and_no_link() {
        assert_eq!(
            harmless("  Anne-Marie\r\n\r\nObjet :  L’Hôte "),
            "Anne-Marie Objet : L’Hôte"
        );
        assert_eq!(harmless("J.-P. Roy"), "J.-P. Roy");
        assert_eq!(
            harmless("http://gain.example.org/x"),
            "http gain. example. org/x"
        );
        assert_eq!(harmless("a@b.fr"), "a@ b. fr");
        assert_eq!(harmless("\u{202E}Zoé\u{200B}"), "Zoé");
    }

    #[test]
    fn thousands_are_apart() {
        for (number, told) in [
            (0, "0"),
            (999, "999"),
            (1204, "1\u{202f}204"),
            (1_204_000, "1\u{202f}204\u{202f}000"),
        ] {
            assert_eq!(count(number), told);
        }
    }
}
