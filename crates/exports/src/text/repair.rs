//! Names damaged by UTF-8 read as an eight-bit encoding: `CÃ©cile` is Cécile.
//!
//! A damaged run is a few characters that, written back in an eight-bit encoding, are the UTF-8 bytes of one
//! character. ISO-8859-1, -15 and windows-1252 are tried in that order on the whole value, and the first that mends
//! every damaged run wins: `HÃ©lÃšne` is Hélène, since only ISO-8859-15 writes both runs as UTF-8.

/// Times a value may have been damaged.
const ROUNDS_MAX: usize = 3;

/// The eight-bit encodings a text was wrongly read in.
#[derive(Clone, Copy)]
enum Latin {
    Iso1,
    Iso15,
    Windows1252,
}

const LATINS: [Latin; 3] = [Latin::Iso1, Latin::Iso15, Latin::Windows1252];

/// Characters of ISO-8859-15 that are not those of ISO-8859-1, and their bytes.
const ISO_15: [(char, u8); 8] = [
    ('€', 0xA4),
    ('Š', 0xA6),
    ('š', 0xA8),
    ('Ž', 0xB4),
    ('ž', 0xB8),
    ('Œ', 0xBC),
    ('œ', 0xBD),
    ('Ÿ', 0xBE),
];

/// The same for windows-1252.
const WINDOWS_1252: [(char, u8); 27] = [
    ('€', 0x80),
    ('‚', 0x82),
    ('ƒ', 0x83),
    ('„', 0x84),
    ('…', 0x85),
    ('†', 0x86),
    ('‡', 0x87),
    ('ˆ', 0x88),
    ('‰', 0x89),
    ('Š', 0x8A),
    ('‹', 0x8B),
    ('Œ', 0x8C),
    ('Ž', 0x8E),
    ('‘', 0x91),
    ('’', 0x92),
    ('“', 0x93),
    ('”', 0x94),
    ('•', 0x95),
    ('–', 0x96),
    ('—', 0x97),
    ('˜', 0x98),
    ('™', 0x99),
    ('š', 0x9A),
    ('›', 0x9B),
    ('œ', 0x9C),
    ('ž', 0x9E),
    ('Ÿ', 0x9F),
];

impl Latin {
    /// The characters that are not those of ISO-8859-1.
    fn own(self) -> &'static [(char, u8)] {
        match self {
            Self::Iso1 => &[],
            Self::Iso15 => &ISO_15,
            Self::Windows1252 => &WINDOWS_1252,
        }
    }

    /// The byte of a character.
    fn byte(self, c: char) -> Option<u8> {
        let own = self.own();
        if let Some((_, byte)) = own.iter().find(|(known, _)| *known == c) {
            return Some(*byte);
        }
        let byte = u8::try_from(c).ok()?;
        own.iter().all(|(_, taken)| *taken != byte).then_some(byte)
    }

    /// The character that a damaged run at the start of `chars` stands for, and the run's length.
    fn mend(self, chars: &[char]) -> Option<(char, usize)> {
        // Above 0xC0 the three encodings are one.
        let length = match chars.first()? {
            '\u{C2}'..='\u{DF}' => 2,
            '\u{E0}'..='\u{EF}' => 3,
            '\u{F0}'..='\u{F4}' => 4,
            _ => return None,
        };
        let run = chars.get(..length)?;
        if run[1].is_ascii() || ('\u{C0}'..='\u{FF}').contains(&run[1]) {
            return None;
        }
        if length == 2 && is_elision(run[0], run[1]) {
            return None;
        }
        let mut bytes = [0; 4];
        for (byte, c) in bytes.iter_mut().zip(run) {
            *byte = self.byte(*c)?;
        }
        let mended = std::str::from_utf8(&bytes[..length]).ok()?.chars().next()?;
        Some((mended, length))
    }
}

/// A letter and a typographic apostrophe, as in a sound `É’`: only Ã, Ä and Å stand before a damaged one.
fn is_elision(lead: char, next: char) -> bool {
    matches!(next, '‘' | '’') && !('\u{C3}'..='\u{C5}').contains(&lead)
}

/// The sound value, when `raw` is damaged. Blanks are left as they are: a no-break space may be part of the damage. What
/// does not end in letters of names was no damage: `Ã²` is `ò`, `Â±` is itself.
pub fn repair(raw: &str) -> Option<String> {
    if !may_be_damaged(raw) {
        return None;
    }
    let text = Text::of(raw);
    // Damaged twice, a letter is none halfway: only the end is judged. When it is not sound, each step is.
    let mended = text.mended(|_| true)?;
    let mended = if mended.is_of_a_name() {
        mended
    } else {
        text.mended(is_of_a_name)?
    };
    Some(mended.chars.into_iter().collect())
}

/// Two characters in a row are not ASCII, the first being the lead of a run: few sound names have that.
fn may_be_damaged(raw: &str) -> bool {
    if raw.is_ascii() {
        return false;
    }
    let followers = raw.chars().skip(1);
    raw.chars()
        .zip(followers)
        .any(|(c, next)| ('\u{C2}'..='\u{F4}').contains(&c) && !next.is_ascii())
}

/// A letter, an accent or a sign that French and European names have; or what an accent destroyed leaves.
fn is_of_a_name(c: char) -> bool {
    match c {
        '\u{AA}' | '\u{BA}' => false,
        '\u{A0}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}' => c.is_alphabetic() || c == '\u{A0}',
        '\u{300}'..='\u{36F}' | '‐'..='—' | '‘' | '’' | '\u{202F}' => true,
        _ => c == char::REPLACEMENT_CHARACTER,
    }
}

/// A value, and which of its characters were mended.
struct Text {
    chars: Vec<char>,
    mended: Vec<bool>,
}

impl Text {
    fn of(raw: &str) -> Self {
        let chars: Vec<char> = raw.chars().collect();
        let mended = vec![false; chars.len()];
        Self { chars, mended }
    }

    fn is_of_a_name(&self) -> bool {
        let mended = self.chars.iter().zip(&self.mended);
        mended
            .filter(|(_, mended)| **mended)
            .all(|(c, _)| is_of_a_name(*c))
    }

    /// Mends into characters that `may_be`, as often as it was damaged; nothing when it was not.
    fn mended(&self, may_be: fn(char) -> bool) -> Option<Self> {
        let mut mended = self.mended_once(may_be)?;
        for _ in 1..ROUNDS_MAX {
            match mended.mended_once(may_be) {
                Some(next) => mended = next,
                None => break,
            }
        }
        Some(mended)
    }

    fn mended_once(&self, may_be: fn(char) -> bool) -> Option<Self> {
        let by_one = LATINS
            .iter()
            .find_map(|latin| self.mended_by(&[*latin], may_be));
        by_one.or_else(|| self.mended_by(&LATINS, may_be))
    }

    /// Mends with these encodings; nothing when no run is damaged, or when another encoding would mend one they cannot.
    fn mended_by(&self, latins: &[Latin], may_be: fn(char) -> bool) -> Option<Self> {
        let mut sound = Self {
            chars: Vec::with_capacity(self.chars.len()),
            mended: Vec::with_capacity(self.chars.len()),
        };
        let mend = |latin: &Latin, rest: &[char]| latin.mend(rest).filter(|(c, _)| may_be(*c));
        let mut any = false;
        let mut at = 0;
        while let Some(c) = self.chars.get(at) {
            let rest = &self.chars[at..];
            let run = latins.iter().find_map(|latin| mend(latin, rest));
            if run.is_none() && LATINS.iter().any(|latin| mend(latin, rest).is_some()) {
                return None;
            }
            let (c, length, mended) = match run {
                Some((c, length)) => (c, length, true),
                None => (*c, 1, self.mended[at]),
            };
            sound.chars.push(c);
            sound.mended.push(mended);
            at += length;
            any |= run.is_some();
        }
        any.then_some(sound)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::Encoding;
    use proptest::prelude::*;

    #[test]
    fn damaged_names_are_mended() {
        for (damaged, sound) in [
            ("CÃ©cile", "Cécile"),
            ("HÃ©lÃšne", "Hélène"),
            ("FranÃ§ois", "François"),
            ("NoÃ«l", "Noël"),
            ("Ã\u{89}LODIE", "ÉLODIE"),
            ("Ã‰LODIE", "ÉLODIE"),
            ("ThaÃ\u{a0}s", "Thaàs"),
            ("VOILÃ\u{a0}", "VOILà"),
            ("Å“uvre", "œuvre"),
            ("MUÃ‘OZ", "MUÑOZ"),
            ("Lâ€™HOMME", "L’HOMME"),
            ("É CÃ©cile", "É Cécile"),
            ("ÉÃ©", "Éé"),
            ("CÃƒÂ©cile", "Cécile"),
            ("JOÃO CÃ©cile", "JOÃO Cécile"),
            ("Ã‰lÃ©onore ZoÃ«", "Éléonore Zoë"),
            ("JOÃ²", "JOò"),
            ("DvoÅ™Ã¡k", "Dvořák"),
            ("ZoeÌ\u{81}", "Zoe\u{301}"),
            ("CÃ©cile Â±", "Cécile Â±"),
            ("LefÃ¯Â¿Â½vre", "Lef\u{FFFD}vre"),
            ("Lefï¿½vre", "Lef\u{FFFD}vre"),
        ] {
            assert_eq!(repair(damaged).as_deref(), Some(sound), "{damaged}");
        }
    }

    #[test]
    fn sound_names_stay() {
        for sound in [
            "JOÃO",
            "D'ÃVILA",
            "Nuñez",
            "Hélène",
            "ÉLODIE",
            "Zoé",
            "CŒUR",
            "ÂGÉ",
            "NOËL",
            "ANDRÉ’S",
            "Ł",
            "",
            "DUPONT",
            "Ã",
            "SÃO",
            "MÃE",
            "Ðorđe",
            "Dvořák",
            "ß",
            "JOÂ±",
            "Â§",
            "D\u{ba}",
            "ÂºMARIA",
            "Ð¡",
            "æ—¥",
            "ðŸ˜€",
        ] {
            assert_eq!(repair(sound), None, "{sound}");
        }
    }

    #[test]
    fn bytes_are_those_of_the_standard() {
        let latins = [
            (Latin::Iso15, encoding_rs::ISO_8859_15),
            (Latin::Windows1252, encoding_rs::WINDOWS_1252),
        ];
        for (latin, encoding) in latins {
            for byte in 0..=u8::MAX {
                let c = encoding
                    .decode_without_bom_handling(&[byte])
                    .0
                    .chars()
                    .next()
                    .unwrap();
                assert_eq!(latin.byte(c), Some(byte));
            }
        }
        assert_eq!(Latin::Iso15.byte('¤'), None);
        assert_eq!(Latin::Iso1.byte('€'), None);
    }

    fn damage(name: &str, encoding: &'static Encoding) -> String {
        encoding
            .decode_without_bom_handling(name.as_bytes())
            .0
            .into_owned()
    }

    proptest! {
        #[test]
        fn what_was_damaged_once_is_mended(name in "[A-Za-zéèêëàâîïôùûçÉ \\-']{1,20}") {
            prop_assume!(!name.is_ascii());
            for encoding in [encoding_rs::ISO_8859_15, encoding_rs::WINDOWS_1252] {
                prop_assert!(repair(&damage(&name, encoding)).is_some());
            }
            let latin1: String = name.bytes().map(char::from).collect();
            prop_assert_eq!(repair(&latin1), Some(name));
        }

        #[test]
        fn any_text_is_answered(raw in ".*") {
            let _ = repair(&raw);
        }
    }
}
