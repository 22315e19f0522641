//! How many typing errors separate two words.

/// Longest text that is compared, in characters: no name reaches it, and the cost of a comparison stays bounded.
pub const COMPARED_CHARS_MAX: usize = 128;

/// The optimal string alignment distance of two texts, in errors: a letter added, lost, replaced, or two neighbours
/// exchanged, no letter being touched twice. `None` above `errors_max`, or when a text is too long to be a name.
///
/// ```
/// use pix_orga_domain::names::distance::errors_between;
/// assert_eq!(errors_between("dupont", "dupotn", 2), Some(1));
/// assert_eq!(errors_between("dupont", "durand", 2), None);
/// ```
pub fn errors_between(left: &str, right: &str, errors_max: usize) -> Option<usize> {
    let left: Vec<char> = left.chars().take(COMPARED_CHARS_MAX + 1).collect();
    let right: Vec<char> = right.chars().take(COMPARED_CHARS_MAX + 1).collect();
    if left.len().max(right.len()) > COMPARED_CHARS_MAX
        || left.len().abs_diff(right.len()) > errors_max
    {
        return None;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=right.len()).collect();
    for (i, &l) in left.iter().enumerate() {
        let mut row = Vec::with_capacity(right.len() + 1);
        row.push(i + 1);
        for (j, &r) in right.iter().enumerate() {
            let replaced = above[j] + usize::from(l != r);
            let mut errors = replaced.min(above[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && l == right[j - 1] && left[i - 1] == r {
                errors = errors.min(before[j - 1] + 1);
            }
            row.push(errors);
        }
        before = std::mem::replace(&mut above, row);
    }
    above.last().copied().filter(|&errors| errors <= errors_max)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn errors_are_counted() {
        for (left, right, expected) in [
            ("", "", Some(0)),
            ("", "ab", Some(2)),
            ("lina", "lena", Some(1)),
            ("martin", "matrin", Some(1)),
            ("martin", "martine", Some(1)),
            ("kitten", "sitting", Some(3)),
            ("ca", "abc", Some(3)),
            ("abcd", "wxyz", None),
        ] {
            assert_eq!(errors_between(left, right, 3), expected, "{left} / {right}");
        }
    }

    #[test]
    fn a_text_too_long_to_be_a_name_is_not_compared() {
        let long = "a".repeat(COMPARED_CHARS_MAX + 1);
        assert_eq!(errors_between(&long, &long, 2), None);
        assert_eq!(errors_between(&long[1..], &long[1..], 2), Some(0));
    }

    proptest! {
        #[test]
        fn one_error_counts_for_one(word in "[a-z]{2,12}", at in 0_usize..11, kind in 0_u8..3) {
            let mut letters: Vec<char> = word.chars().collect();
            let at = at % (letters.len() - 1);
            match kind {
                0 => { letters.remove(at); }
                1 => letters.insert(at, '_'),
                _ => letters[at] = '_',
            }
            let changed: String = letters.iter().collect();
            prop_assert_eq!(errors_between(&word, &changed, 2), Some(1));
        }

        #[test]
        fn the_distance_is_symmetric(left in "[abc]{0,7}", right in "[abc]{0,7}") {
            prop_assert_eq!(errors_between(&left, &right, 7), errors_between(&right, &left, 7));
            prop_assert_eq!(errors_between(&left, &right, 7) == Some(0), left == right);
        }
    }
}
