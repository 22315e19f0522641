//! Names, drawn as often as they are borne.

use std::sync::LazyLock;

use pix_orga_domain::roster::reading::Sex;

use crate::draw::{Dice, Pool, rows};

/// Out of a thousand family names: those of the two thousand most frequent, then of the long tail; the others have a
/// particle, an apostrophe, a hyphen or an uncommon length.
const COMMON_PERMILLE: u32 = 700;
const TAIL_PERMILLE: u32 = 240;
/// Children who bear both parents' names, out of a thousand, and those of them written with the double hyphen that
/// the law asked for between 2005 and 2010.
const DOUBLE_PERMILLE: u32 = 90;
const DOUBLE_HYPHEN_PERMILLE: u32 = 40;
/// Names written with their accents where the table has them, out of a thousand.
const ACCENTED_PERMILLE: u32 = 300;
/// Compound first names made of two simple ones, out of a thousand.
const COMPOUND_PERMILLE: u32 = 12;
/// Second first names, and third ones among those who have a second, out of a thousand.
const SECOND_PERMILLE: u32 = 580;
const THIRD_PERMILLE: u32 = 420;

type Names = Pool<&'static str>;

static GIRLS: LazyLock<Names> =
    LazyLock::new(|| weighted(include_str!("../../data/firstnames_f.csv")));
static BOYS: LazyLock<Names> =
    LazyLock::new(|| weighted(include_str!("../../data/firstnames_m.csv")));
static COMMON: LazyLock<Names> =
    LazyLock::new(|| weighted(include_str!("../../data/lastnames_common.csv")));
static TAIL: LazyLock<Names> =
    LazyLock::new(|| weighted(include_str!("../../data/lastnames_tail.csv")));
static SPECIAL: LazyLock<Names> =
    LazyLock::new(|| weighted(include_str!("../../data/lastnames_special.csv")));
static ACCENTED: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| {
    rows(include_str!("../../data/lastnames_accented.csv"))
        .filter_map(|cells| Some((*cells.first()?, *cells.get(1)?)))
        .collect()
});

/// A table of names and weights; without a weight, each counts once.
fn weighted(table: &'static str) -> Names {
    Pool::new(rows(table).filter_map(|cells| {
        let weight = cells.get(1).map_or(Ok(1), |weight| weight.parse());
        Some((*cells.first()?, weight.ok()?))
    }))
}

fn simple_last_name(dice: &mut Dice) -> &'static str {
    let at = dice.below(1000);
    let pool = if at < COMMON_PERMILLE {
        &COMMON
    } else if at < COMMON_PERMILLE + TAIL_PERMILLE {
        &TAIL
    } else {
        &SPECIAL
    };
    let name = pool.draw(dice).copied().unwrap_or_default();
    match ACCENTED.iter().find(|(plain, _)| *plain == name) {
        Some((_, accented)) if dice.permille(ACCENTED_PERMILLE) => accented,
        _ => name,
    }
}

/// A family name in capitals.
pub(crate) fn last_name(dice: &mut Dice) -> String {
    let first = simple_last_name(dice);
    if !dice.permille(DOUBLE_PERMILLE) {
        return first.to_owned();
    }
    let second = simple_last_name(dice);
    let between = if dice.permille(DOUBLE_HYPHEN_PERMILLE) {
        "--"
    } else {
        " "
    };
    format!("{first}{between}{second}")
}

/// A usage name for a pupil of this family name: another name, or both.
pub(super) fn usage_name(dice: &mut Dice, last_name: &str) -> String {
    let other = simple_last_name(dice);
    match dice.below(3) {
        0 => format!("{last_name}-{other}"),
        1 => format!("{other}-{last_name}"),
        _ => other.to_owned(),
    }
}

/// A first name, seldom compound.
pub(crate) fn first_name(dice: &mut Dice, sex: Sex) -> String {
    let pool = match sex {
        Sex::F => &GIRLS,
        Sex::M => &BOYS,
    };
    let name = pool.draw(dice).copied().unwrap_or_default();
    if name.contains('-') || !dice.permille(COMPOUND_PERMILLE) {
        return name.to_owned();
    }
    let second = pool.draw(dice).copied().unwrap_or_default();
    format!("{name}-{second}")
}

/// The second and third first names, if any.
pub(super) fn other_first_names(dice: &mut Dice, sex: Sex) -> Vec<String> {
    let mut names = Vec::new();
    if dice.permille(SECOND_PERMILLE) {
        names.push(first_name(dice, sex));
        if dice.permille(THIRD_PERMILLE) {
            names.push(first_name(dice, sex));
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_is_read_whole() {
        let lines = |table: &str| table.lines().count() - 1;
        assert_eq!(
            GIRLS.len(),
            lines(include_str!("../../data/firstnames_f.csv"))
        );
        assert_eq!(
            BOYS.len(),
            lines(include_str!("../../data/firstnames_m.csv"))
        );
        assert_eq!(
            COMMON.len(),
            lines(include_str!("../../data/lastnames_common.csv"))
        );
        assert_eq!(
            TAIL.len(),
            lines(include_str!("../../data/lastnames_tail.csv"))
        );
        assert_eq!(
            SPECIAL.len(),
            lines(include_str!("../../data/lastnames_special.csv"))
        );
        assert_eq!(
            ACCENTED.len(),
            lines(include_str!("../../data/lastnames_accented.csv"))
        );
    }

    #[test]
    fn frequent_names_are_frequent_and_shapes_vary() {
        let mut dice = Dice::new(3, &[]);
        let names: Vec<_> = (0..20_000).map(|_| last_name(&mut dice)).collect();
        let count = |test: &dyn Fn(&str) -> bool| names.iter().filter(|n| test(n)).count();
        let martin = count(&|name| name == "MARTIN");
        assert!((60..220).contains(&martin), "{martin}");
        assert!(count(&|name| name.starts_with("DE ") || name.starts_with("LE ")) > 20);
        assert!(count(&|name| name.contains('\'')) > 5);
        assert!(count(&|name| name.contains("--")) > 10);
        assert!(count(&|name| !name.is_ascii()) > 20);
        assert!(names.iter().all(|name| !name.is_empty()));
    }
}
