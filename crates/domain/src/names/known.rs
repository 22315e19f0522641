//! First names that are known to be given in France.

use std::collections::HashSet;
use std::sync::OnceLock;

use super::FoldedName;

/// Folded first names, one a line. Source and licence: `SOURCES.md` beside it.
const LIST: &str = include_str!("first_names.txt");

/// Whether the folded letters are a known first name's, such as `jeanpaul`.
pub fn is_known(letters: &str) -> bool {
    static KNOWN: OnceLock<HashSet<&'static str>> = OnceLock::new();
    KNOWN
        .get_or_init(|| LIST.lines().collect())
        .contains(letters)
}

/// Whether two first names are known and different: two people's names, however close their letters (Emma and Emmy).
/// Compound names are compared word by word too, so that Marie-Lina is not Marie-Léna.
pub fn are_different(left: &FoldedName, right: &FoldedName) -> bool {
    let differ = |l: &str, r: &str| l != r && is_known(l) && is_known(r);
    let same_count = left.tokens().len() == right.tokens().len();
    differ(left.letters(), right.letters())
        || (same_count
            && left
                .tokens()
                .iter()
                .zip(right.tokens())
                .any(|(l, r)| differ(l, r)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_folded_sorted_and_without_doubles() {
        let names: Vec<&str> = LIST.lines().collect();
        assert!(names.len() > 1_500);
        assert!(names.is_sorted_by(|a, b| a < b));
        for name in names {
            assert_eq!(FoldedName::of(name).letters(), name);
        }
    }

    #[test]
    fn close_known_names_are_different_people() {
        for (left, right, expected) in [
            ("Emma", "EMMY", true),
            ("Lina", "Léna", true),
            ("Marie-Lina", "Marie Léna", true),
            ("Emma", "Ema", true),
            ("Emma", "Emmma", false),
            ("Théo", "THEO", false),
            ("Xyzrt", "Xyzrd", false),
        ] {
            let answer = are_different(&FoldedName::of(left), &FoldedName::of(right));
            assert_eq!(answer, expected, "{left} / {right}");
        }
    }
}
