//! Levels, and the classes a school opens in each.

use std::sync::LazyLock;

use crate::draw::{Dice, rows};
use crate::schools::SchoolKind;

const LEVELS: &str = include_str!("../../data/levels.csv");
const SPECIALITIES: &str = include_str!("../../data/specialities.csv");

/// From this many pupils on, a collège has SEGPA classes.
const SEGPA_FROM_PUPILS: usize = 400;
/// Ways to write classes: a school keeps to one.
const STYLES: u32 = 7;
/// Of a polyvalent lycée's pupils out of a thousand, those in its vocational section.
const POLYVALENT_VOCATIONAL_PERMILLE: u32 = 350;
/// Languages and options that make groups of several classes.
const GROUPS: [(&str, &str, &str); 6] = [
    ("ANG", "030201", "S"),
    ("ESP", "030602", "S"),
    ("ALL", "030102", "S"),
    ("ITA", "030702", "S"),
    ("LAT", "020100", "F"),
    ("EPS", "100100", "O"),
];

/// One level of one track, such as 6EME.
pub(super) struct Level {
    track: &'static str,
    share: u32,
    /// Age on 31 December of the year the school year begins, without delay.
    pub(super) age: i16,
    /// Pupils one year late, out of a thousand.
    pub(super) late_permille: u32,
    /// Pupils one year ahead, out of a thousand.
    pub(super) ahead_permille: u32,
    class_min: usize,
    class_max: usize,
    mefs: Vec<(&'static str, u32)>,
    previous_mef: &'static str,
    patterns: Vec<&'static str>,
}

/// A vocational training, whose classes bear its name.
struct Speciality {
    diploma: &'static str,
    short: &'static str,
    mef_prefix: &'static str,
}

static ALL: LazyLock<Vec<Level>> =
    LazyLock::new(|| rows(LEVELS).filter_map(|cells| level(&cells)).collect());
static TRAININGS: LazyLock<Vec<Speciality>> = LazyLock::new(|| {
    rows(SPECIALITIES)
        .filter_map(|cells| {
            let &[diploma, short, mef_prefix, _label] = cells.as_slice() else {
                return None;
            };
            Some(Speciality {
                diploma,
                short,
                mef_prefix,
            })
        })
        .collect()
});

fn level(cells: &[&'static str]) -> Option<Level> {
    let &[
        track,
        _code,
        share,
        age,
        late,
        ahead,
        class_min,
        class_max,
        mefs,
        previous,
        patterns,
    ] = cells
    else {
        return None;
    };
    Some(Level {
        track,
        share: share.parse().ok()?,
        age: age.parse().ok()?,
        late_permille: late.parse().ok()?,
        ahead_permille: ahead.parse().ok()?,
        class_min: class_min.parse().ok()?,
        class_max: class_max.parse().ok()?,
        mefs: mefs
            .split(',')
            .filter_map(|mef| {
                let (code, weight) = mef.split_once(':')?;
                Some((code, weight.parse().ok()?))
            })
            .collect(),
        previous_mef: previous,
        patterns: patterns.split('|').collect(),
    })
}

/// A class of a school.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Division {
    /// At most 8 characters.
    pub(super) code: String,
    /// How its pupils' trainings are distributed: `CODE_MEF` and weight.
    pub(super) mefs: Vec<(String, u32)>,
    /// Last year's `CODE_MEF`, empty for those who were in primary school.
    pub(super) previous_mef: String,
    /// Last year's class, empty for those who come from another school.
    pub(super) previous_code: String,
    /// Whether apprentices may be in it, and out of a thousand how many.
    pub(super) apprentice_permille: u32,
    /// Pupils when the school year begins.
    pub(super) size: usize,
    level: usize,
    number: usize,
}

impl Division {
    pub(super) fn level(&self) -> Option<&'static Level> {
        ALL.get(self.level)
    }

    /// Classes are of one level when a pupil can move from one to the other.
    pub(super) fn is_beside(&self, other: &Self) -> bool {
        self.level == other.level && self.code != other.code
    }

    /// The groups of one of its pupils, and the options they stand for: code, subject, `CODE_MODALITE_ELECT`.
    pub(super) fn groups(&self, dice: &mut Dice) -> Vec<(String, &'static str, &'static str)> {
        let digit = self.code.chars().next().unwrap_or('0');
        // Two classes share a group, which is why groups exist.
        let group = self.number / 2 + 1;
        let english = &GROUPS[0];
        let mut chosen = vec![(format!("{digit}{}{group}", english.0), english.1, english.2)];
        let second = &GROUPS[[1, 1, 1, 2, 3][dice.below(5) as usize]];
        chosen.push((format!("{digit}{}{group}", second.0), second.1, second.2));
        if dice.permille(400) {
            let third = &GROUPS[4 + dice.below(2) as usize];
            chosen.push((format!("{digit}{}{group}", third.0), third.1, third.2));
        }
        chosen
    }
}

/// The classes a school of this kind opens for so many pupils; their sizes add up to that number.
pub(super) fn divisions(dice: &mut Dice, kind: SchoolKind, pupils: usize) -> Vec<Division> {
    let style = dice.below(STYLES) as usize;
    let offset = dice.below(u32::try_from(TRAININGS.len()).unwrap_or(0)) as usize;
    let shares: Vec<_> = ALL.iter().map(|level| share(level, kind, pupils)).collect();
    let total: usize = shares.iter().sum();
    let mut divisions = Vec::new();
    let (mut share_before, mut placed) = (0, 0);
    for (at, (level, share)) in ALL.iter().zip(shares).enumerate() {
        share_before += share;
        let until = (pupils * share_before).checked_div(total).unwrap_or(0);
        let count = until - placed;
        placed = until;
        open(&mut divisions, at, level, count, style, offset);
    }
    divisions
}

/// The weight of a level in a school.
fn share(level: &Level, kind: SchoolKind, pupils: usize) -> usize {
    let vocational = POLYVALENT_VOCATIONAL_PERMILLE;
    let track = match (kind, level.track) {
        (SchoolKind::College, "SEGPA") => u32::from(pupils >= SEGPA_FROM_PUPILS) * 1000,
        (SchoolKind::College, "COLLEGE")
        | (SchoolKind::LyceeGeneral, "GT")
        | (SchoolKind::LyceePro, "LP")
        | (SchoolKind::LyceeAgricole, "AGRI") => 1000,
        (SchoolKind::LyceePolyvalent, "GT") => 1000 - vocational,
        (SchoolKind::LyceePolyvalent, "LP") => vocational,
        _ => 0,
    };
    (track * level.share) as usize
}

/// Opens the classes of one level, as even as can be.
fn open(
    divisions: &mut Vec<Division>,
    at: usize,
    level: &'static Level,
    pupils: usize,
    style: usize,
    offset: usize,
) {
    let usual = (level.class_min + level.class_max).div_ceil(2);
    let classes = ((pupils + usual / 2) / usual).max(pupils.div_ceil(level.class_max));
    for number in 0..classes {
        let size = pupils * (number + 1) / classes - pupils * number / classes;
        divisions.push(division(at, level, number, size, style, offset));
    }
}

fn division(
    at: usize,
    level: &'static Level,
    number: usize,
    size: usize,
    style: usize,
    offset: usize,
) -> Division {
    let pattern = level
        .patterns
        .get(style)
        .or(level.patterns.first())
        .copied()
        .unwrap_or("");
    let diploma = level
        .mefs
        .first()
        .map_or("", |(mef, _)| &mef[..3.min(mef.len())]);
    let trainings: Vec<_> = TRAININGS
        .iter()
        .filter(|one| one.diploma == diploma)
        .collect();
    let training = match trainings.len() {
        0 => None,
        count => trainings
            .get((number + offset) % count)
            .map(|one| (*one, number / count + 1)),
    };
    // A vocational class has its training's code where the table gives the diploma's.
    let complete = |mef: &str| match training {
        Some((one, _)) if mef.starts_with(one.diploma) => {
            format!("{}{}", one.mef_prefix, &mef[one.diploma.len()..])
        }
        _ => mef.to_owned(),
    };
    let (short, nth) = training.map_or(("", number + 1), |(one, nth)| (one.short, nth));
    let code = |pattern: &str| {
        pattern
            .replace("{A}", &letters(number))
            .replace("{nn}", &format!("{:02}", number + 1))
            .replace("{n}", &(number + 1).to_string())
            .replace("{S}", short)
            .replace(
                "{m}",
                &if nth > 1 {
                    nth.to_string()
                } else {
                    String::new()
                },
            )
    };
    let previous = ALL.iter().find(|before| {
        before.track == level.track
            && before
                .mefs
                .iter()
                .any(|(mef, _)| *mef == level.previous_mef)
    });
    Division {
        code: code(pattern),
        mefs: level
            .mefs
            .iter()
            .map(|(mef, weight)| (complete(mef), *weight))
            .collect(),
        previous_mef: complete(level.previous_mef),
        previous_code: previous
            .and_then(|before| before.patterns.get(style).or(before.patterns.first()))
            .map_or_else(String::new, |pattern| code(pattern)),
        apprentice_permille: match (level.track, diploma) {
            ("LP", "CAP") => 200,
            ("LP", _) => 30,
            ("AGRI", _) => 60,
            _ => 0,
        },
        size,
        level: at,
        number,
    }
}

/// A, B… Z, AA, AB…
fn letters(mut number: usize) -> String {
    let mut text = Vec::new();
    loop {
        text.insert(0, b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"[number % 26]);
        if number < 26 {
            return String::from_utf8(text).unwrap_or_default();
        }
        number = number / 26 - 1;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    const KINDS: [SchoolKind; 5] = [
        SchoolKind::College,
        SchoolKind::LyceeGeneral,
        SchoolKind::LyceePolyvalent,
        SchoolKind::LyceePro,
        SchoolKind::LyceeAgricole,
    ];

    #[test]
    fn every_table_is_read_whole() {
        assert_eq!(ALL.len(), LEVELS.lines().count() - 1);
        assert_eq!(TRAININGS.len(), SPECIALITIES.lines().count() - 1);
        assert!(TRAININGS.iter().all(|one| one.mef_prefix.len() == 8));
    }

    #[test]
    fn letters_go_on_after_z() {
        assert_eq!(
            [0, 25, 26, 27, 701, 702].map(letters),
            ["A", "Z", "AA", "AB", "ZZ", "AAA"]
        );
    }

    #[test]
    fn classes_hold_everybody_and_have_short_names_of_their_own() {
        for seed in 0..20 {
            for kind in KINDS {
                for pupils in [0, 1, 17, 60, 480, 2_000, 25_000] {
                    let mut dice = Dice::new(seed, &[]);
                    let divisions = divisions(&mut dice, kind, pupils);
                    assert_eq!(divisions.iter().map(|one| one.size).sum::<usize>(), pupils);
                    let codes: HashSet<_> = divisions.iter().map(|one| &one.code).collect();
                    assert_eq!(codes.len(), divisions.len(), "{kind:?} {pupils}");
                    for one in &divisions {
                        assert!((1..=8).contains(&one.code.chars().count()), "{}", one.code);
                        assert!(
                            one.mefs.iter().all(|(mef, _)| mef.len() == 11),
                            "{:?}",
                            one.mefs
                        );
                        assert!(
                            [0, 11].contains(&one.previous_mef.len()),
                            "{}",
                            one.previous_mef
                        );
                        assert!(one.previous_code.chars().count() <= 8);
                        for (group, _, _) in one.groups(&mut dice) {
                            assert!(group.chars().count() <= 8, "{group}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn classes_of_a_usual_school_have_usual_sizes() {
        let mut dice = Dice::new(5, &[]);
        for one in divisions(&mut dice, SchoolKind::LyceeGeneral, 1_000) {
            assert!((24..=30).contains(&one.size), "{} {}", one.code, one.size);
        }
        for one in divisions(&mut dice, SchoolKind::College, 600) {
            let usual = if one.code.contains("SEGPA") {
                4..=16
            } else {
                23..=29
            };
            assert!(usual.contains(&one.size), "{} {}", one.code, one.size);
        }
    }
}
