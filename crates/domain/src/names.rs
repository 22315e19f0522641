//! Names of people, compared the way people compare them: without accents, case or punctuation.

pub mod distance;
pub mod known;
pub mod letters;

use std::fmt;

use unicode_normalization::UnicodeNormalization;

/// Words that come and go in front of surnames, folded. Source: `docs/reference/reconciliation.md`.
const PARTICLES: [&str; 20] = [
    "al", "ben", "d", "da", "de", "del", "den", "der", "des", "di", "do", "dos", "du", "el", "l",
    "la", "le", "les", "van", "von",
];

/// Words that some files write whole and others short, folded: the short form, then the whole one.
const ABBREVIATED: [(&str, &str); 2] = [("st", "saint"), ("ste", "sainte")];

/// A name ready to be compared. It never shows in `Debug`.
#[derive(Clone)]
pub struct FoldedName {
    tokens: Vec<String>,
    letters: String,
    /// The letters with every word of [`ABBREVIATED`] short, where there is one: « ST-CYR » may be written « STCYR ».
    shortened: Option<String>,
    /// Only of a name without a letter: nothing else is left to compare.
    as_written: String,
}

impl FoldedName {
    /// Folds a name as a file or the GAR wrote it. Any text is accepted. The words « st » and « ste » become « saint »
    /// and « sainte ».
    ///
    /// ```
    /// use pix_orga_domain::names::FoldedName;
    /// let name = FoldedName::of("L'HELGOUALC'H – Œuvrard");
    /// assert_eq!(name.tokens(), ["l", "helgoualc", "h", "oeuvrard"]);
    /// assert_eq!(name.letters(), "lhelgoualchoeuvrard");
    /// ```
    pub fn of(raw: &str) -> Self {
        let mut tokens = letters::tokens(raw);
        let shortened = shorten_and_lengthen(&mut tokens);
        let letters = tokens.concat();
        let as_written = if letters.is_empty() {
            let composed: String = raw.nfc().collect();
            composed.split_whitespace().collect::<Vec<_>>().join(" ")
        } else {
            String::new()
        };
        Self {
            tokens,
            letters,
            shortened,
            as_written,
        }
    }

    /// The words, lower case, without marks: what blanks, hyphens and apostrophes separate.
    pub fn tokens(&self) -> &[String] {
        &self.tokens
    }

    /// The words one after the other, without a blank.
    pub fn letters(&self) -> &str {
        &self.letters
    }

    /// Whether two names are the same once folded, whatever separates their words (« N'Doye » and « NDOYE »). Names
    /// with no letter at all are compared as they were written; an empty name is nobody's.
    pub fn same_as(&self, other: &Self) -> bool {
        if self.letters.is_empty() || other.letters.is_empty() {
            return !self.as_written.is_empty() && self.as_written == other.as_written;
        }
        self.letters == other.letters || self.shortened() == other.shortened()
    }

    /// Whether the words are the same in any order.
    pub fn same_words_as(&self, other: &Self) -> bool {
        !self.tokens.is_empty() && sorted(self.words()) == sorted(other.words())
    }

    /// Whether two names are the same without their particles, or all the words of one are in the other, particles
    /// apart (« Martin » and « Martin-Dupont »). Two names made of particles only share nothing.
    pub fn within_or_around(&self, other: &Self) -> bool {
        let (ours, theirs) = (
            self.words_without_particles(),
            other.words_without_particles(),
        );
        if ours.is_empty() || theirs.is_empty() {
            return false;
        }
        ours.concat() == theirs.concat()
            || ours.iter().all(|word| theirs.contains(word))
            || theirs.iter().all(|word| ours.contains(word))
    }

    /// The words one after the other in alphabetical order.
    pub(crate) fn sorted_letters(&self) -> String {
        sorted(self.words()).concat()
    }

    fn shortened(&self) -> &str {
        self.shortened.as_deref().unwrap_or(&self.letters)
    }

    fn words(&self) -> Vec<&str> {
        self.tokens.iter().map(String::as_str).collect()
    }

    fn words_without_particles(&self) -> Vec<&str> {
        self.words()
            .into_iter()
            .filter(|word| !is_particle(word))
            .collect()
    }
}

/// The first letter of a folded name, made without folding the rest where that can be told: names that fold to the same
/// letters have the same. NUL for a name without a letter.
pub fn first_letter(raw: &str) -> char {
    let mut chars = raw.chars();
    let first = chars.find(|c| c.is_ascii_alphanumeric() || !c.is_ascii());
    match first {
        Some(c) if c.is_ascii() => c.to_ascii_lowercase(),
        _ => {
            let tokens = letters::tokens(raw);
            let first = tokens.first().and_then(|token| token.chars().next());
            first.unwrap_or('\0')
        }
    }
}

/// Writes whole the words that can be short, and gives the letters with those words short, when there are any.
fn shorten_and_lengthen(tokens: &mut [String]) -> Option<String> {
    let forms = |token: &str| {
        ABBREVIATED
            .into_iter()
            .find(|forms| token == forms.0 || token == forms.1)
    };
    if !tokens.iter().any(|token| forms(token).is_some()) {
        return None;
    }
    let mut shortened = String::new();
    for token in tokens {
        let Some((short, whole)) = forms(token) else {
            shortened.push_str(token);
            continue;
        };
        shortened.push_str(short);
        whole.clone_into(token);
    }
    Some(shortened)
}

impl fmt::Debug for FoldedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FoldedName(…)")
    }
}

/// Whether a folded word is one of the particles that files add and drop.
pub fn is_particle(word: &str) -> bool {
    PARTICLES.contains(&word)
}

/// The normal form of a text for searching: lower case, no mark, no punctuation, single blanks.
///
/// ```
/// assert_eq!(pix_orga_domain::names::fold_for_search("  Éloïse,  LE-GOFF "), "eloise le goff");
/// ```
pub fn fold_for_search(text: &str) -> String {
    if !text.is_ascii() {
        return letters::tokens(text).join(" ");
    }
    let mut folded = String::with_capacity(text.len());
    for word in text.split(|c: char| !c.is_ascii_alphanumeric()) {
        if !word.is_empty() {
            if !folded.is_empty() {
                folded.push(' ');
            }
            folded.push_str(word);
        }
    }
    folded.make_ascii_lowercase();
    folded
}

/// What a roster keeps beside a pupil to search them by: each name folded, and again in one word when it has several,
/// so that « ndoye » and « n'doye » both find N'Doye; words that can be short are there short and whole.
///
/// A search finds the pupil when every word of its [`fold_for_search`] is somewhere in the key.
///
/// ```
/// use pix_orga_domain::names::search_key;
/// assert_eq!(search_key(&["N'Doye", "Awa"]), "n doye ndoye awa");
/// assert_eq!(search_key(&["ST CYR"]), "st cyr stcyr saint saintcyr");
/// ```
pub fn search_key(names: &[&str]) -> String {
    let mut words = Vec::new();
    for name in names {
        let tokens = letters::tokens(name);
        let joined = (tokens.len() > 1).then(|| tokens.concat());
        let others = other_forms(&tokens);
        words.extend(tokens);
        words.extend(joined);
        words.extend(others);
    }
    words.join(" ")
}

/// The other form of each word that can be short or whole, and the whole name in one word with those.
fn other_forms(tokens: &[String]) -> Vec<String> {
    let other = |token: &str| {
        let forms = ABBREVIATED.into_iter();
        let mut others = forms.filter_map(|(short, whole)| match token {
            _ if token == short => Some(whole),
            _ if token == whole => Some(short),
            _ => None,
        });
        others.next()
    };
    let mut others: Vec<String> = tokens
        .iter()
        .filter_map(|token| other(token))
        .map(str::to_owned)
        .collect();
    if !others.is_empty() && tokens.len() > 1 {
        let words = tokens.iter().map(|token| other(token).unwrap_or(token));
        others.push(words.collect());
    }
    others
}

/// Whether a typed search finds a key made by [`search_key`]: every typed word is somewhere in it, in any order. An
/// empty search finds everybody.
pub fn search_finds(key: &str, typed: &str) -> bool {
    letters::tokens(typed)
        .iter()
        .all(|word| key.contains(word.as_str()))
}

fn sorted(mut words: Vec<&str>) -> Vec<&str> {
    words.sort_unstable();
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn same(left: &str, right: &str) -> bool {
        FoldedName::of(left).same_as(&FoldedName::of(right))
    }

    #[test]
    fn spellings_of_one_name_are_the_same() {
        for (left, right) in [
            ("Chloé", "CHLOE"),
            ("Lœtitia", "LOETITIA"),
            ("Ægir", "aegir"),
            ("Søren", "SOREN"),
            ("Wałęsa", "WALESA"),
            ("Weiß", "WEISS"),
            ("Işıl", "ISIL"),
            ("İbrahim", "ibrahim"),
            ("Þór", "THOR"),
            ("Guðrún", "GUDRUN"),
            ("Đặng", "DANG"),
            ("Jean-Pierre", "JEAN PIERRE"),
            ("Jean\u{2011}Pierre", "Jean\u{ad}Pierre"),
            ("N'Doye", "NDOYE"),
            ("N\u{2019}Doye", "N DOYE"),
            ("Noe\u{308}l", "Noël"),
            ("Ольга", "ОЛЬГА"),
            ("…", "…"),
            ("ST ETIENNE", "Saint-Étienne"),
            ("ST-ETIENNE", "SAINTETIENNE"),
            ("STETIENNE", "St. Étienne"),
            ("STETIENNE", "Saint-Étienne"),
            ("Ste-Marie", "SAINTE MARIE"),
            ("DE STE MARIE", "de Sainte-Marie"),
            ("LE SAINT", "LE ST"),
        ] {
            assert!(same(left, right), "{left} / {right}");
            assert!(same(right, left), "{right} / {left}");
        }
    }

    #[test]
    fn different_names_are_not_the_same() {
        for (left, right) in [
            ("Emma", "Emmy"),
            ("", ""),
            ("", "…"),
            ("…", "!"),
            ("Ольга", "Иван"),
            ("St Cyr", "Sainte-Cyr"),
            ("Stéphane", "Saintéphane"),
            ("Costes", "Cosaintes"),
            ("St", "Ste"),
        ] {
            assert!(!same(left, right), "{left} / {right}");
        }
    }

    #[test]
    fn particles_and_halves_are_seen() {
        for (left, right, expected) in [
            ("De Oliveira", "Oliveira", true),
            ("d'Aboville", "ABOVILLE", true),
            ("de la Tour", "LATOUR", false),
            ("Van der Berg", "Vanden Berg", true),
            ("Martin", "Martin-Dupont", true),
            ("Dupont Martin", "de Martin", true),
            ("Le", "Le Goff", false),
            ("Le", "De", false),
            ("Martin", "Martinez", false),
            ("ST CYR", "Martin-Saint-Cyr", true),
            ("Étienne", "ST-ETIENNE", true),
        ] {
            let (left_name, right_name) = (FoldedName::of(left), FoldedName::of(right));
            assert_eq!(
                left_name.within_or_around(&right_name),
                expected,
                "{left} / {right}"
            );
            assert_eq!(
                right_name.within_or_around(&left_name),
                expected,
                "{right} / {left}"
            );
        }
    }

    #[test]
    fn a_search_ignores_accents_order_and_punctuation() {
        let key = search_key(&["L'Helgoualc'h", "", "Éloïse Anne-Marie"]);
        for typed in [
            "eloise",
            "HELGOUALC'H élo",
            "lhelgoualch",
            "marie anne",
            " ",
            "anne-marie",
        ] {
            assert!(search_finds(&key, typed), "{typed}");
        }
        for typed in ["elouise", "eloise martin"] {
            assert!(!search_finds(&key, typed), "{typed}");
        }
    }

    #[test]
    fn a_search_finds_saints_however_they_are_written() {
        for name in ["ST ETIENNE", "Saint-Étienne", "St. Étienne"] {
            let key = search_key(&[name, "Léa"]);
            for typed in [
                "st etienne",
                "SAINT-ETIENNE léa",
                "stetienne",
                "saintetienne",
            ] {
                assert!(search_finds(&key, typed), "{name} / {typed}");
            }
            assert!(!search_finds(&key, "saintes"), "{name}");
        }
    }

    #[test]
    fn debug_hides_the_name() {
        assert_eq!(format!("{:?}", FoldedName::of("Martin")), "FoldedName(…)");
    }

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(raw in ".*") {
            let once = fold_for_search(&raw);
            prop_assert_eq!(fold_for_search(&once), once);
        }

        #[test]
        fn a_folded_text_is_its_words(raw in "[ -~é]{0,16}") {
            prop_assert_eq!(fold_for_search(&raw), letters::tokens(&raw).join(" "));
        }

        #[test]
        fn the_first_letter_is_that_of_the_folded_name(raw in "[ '.-]{0,2}(St |Ste-|Œ|É|ß|ﬁ|O\u{308}|[a-zA-Z0-9]|.)?.{0,6}") {
            let name = FoldedName::of(&raw);
            prop_assert_eq!(first_letter(&raw), name.letters().chars().next().unwrap_or('\0'));
        }

        #[test]
        fn a_search_for_a_whole_name_finds_it(name in "[a-zA-ZéèêœæßøłçÉÈŒÆØŁÇ '.-]{0,20}") {
            prop_assert!(search_finds(&search_key(&[&name]), &name.to_uppercase()));
        }

        #[test]
        fn comparing_is_symmetric(left in "(st |ste-|saint |[a-dé' -]){0,8}", right in "(st |ste-|saint |[a-dé' -]){0,8}") {
            let (left, right) = (FoldedName::of(&left), FoldedName::of(&right));
            prop_assert_eq!(left.same_as(&right), right.same_as(&left));
            prop_assert_eq!(left.same_words_as(&right), right.same_words_as(&left));
            prop_assert_eq!(left.within_or_around(&right), right.within_or_around(&left));
        }
    }
}
