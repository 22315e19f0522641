//! A whole school.

use jiff::civil::Date;

use super::ledger::Ledger;
use super::levels::{self, Division};
use super::person::Setting;
use super::{GeneratedPupil, INACTIVE_DIVISION, School, SchoolSpec, Standing, names};
use crate::draw::Dice;
use crate::schools::SchoolKind;

/// Pairs of twins out of a thousand pupils: 3.4 % of children have a twin.
const TWIN_PAIRS_PERMILLE: usize = 17;
/// Pupils made to bear another's names, out of a thousand, beyond those whom chance makes homonyms.
const HOMONYMS_PERMILLE: usize = 2;
/// Pupils without a national number, out of a thousand.
const WITHOUT_INE_PERMILLE: usize = 15;
/// Pupils gone, about to leave, inactive and without a class, out of a thousand.
const LEFT_PERMILLE: usize = 15;
const LEAVING_PERMILLE: usize = 3;
const INACTIVE_PERMILLE: usize = 6;
const UNASSIGNED_PERMILLE: usize = 4;
/// From this many pupils on, a school has at least one of each case.
const EACH_CASE_FROM_PUPILS: usize = 100;

/// So many in a thousand; at least one in a school that is not tiny.
pub(super) fn some_of(pupils: usize, permille: usize) -> usize {
    (pupils * permille / 1000).max(usize::from(pupils >= EACH_CASE_FROM_PUPILS))
}

pub(super) fn school(
    seed: u64,
    spec: &SchoolSpec,
    pupils: usize,
    school_year: i16,
    exported_on: Date,
) -> School {
    let dice = &mut Dice::new(seed, &["siecle", spec.uai.as_str()]);
    let setting = Setting {
        uai: spec.uai,
        school_year,
        exported_on,
    };
    let divisions = levels::divisions(dice, spec.kind, pupils);
    let mut ledger = Ledger::new(dice);
    let places: Vec<usize> = divisions
        .iter()
        .enumerate()
        .flat_map(|(at, division)| std::iter::repeat_n(at, division.size))
        .collect();
    // The base numbers pupils as they came, not class by class.
    let (mut pupils, mut seats) = (Vec::with_capacity(places.len()), Vec::new());
    for seat in dice.order(places.len()) {
        pupils.push(setting.pupil(dice, &mut ledger, &divisions[places[seat]]));
        seats.push(places[seat]);
    }
    make_twins(dice, &mut pupils, &seats, &divisions);
    make_homonyms(dice, &setting, &mut pupils, &seats, &divisions);
    // Fregata lists present pupils alone, each by a number.
    if spec.kind != SchoolKind::LyceeAgricole {
        for at in dice
            .order(pupils.len())
            .into_iter()
            .take(some_of(pupils.len(), WITHOUT_INE_PERMILLE))
        {
            pupils[at].ine = None;
            pupils[at].file.old_ine = None;
        }
        set_standings(dice, &setting, &mut pupils);
    }
    School {
        spec: spec.clone(),
        school_year,
        exported_on,
        pupils,
        divisions,
        ledger,
    }
}

/// Gives to some pupils a twin of the same level: one family name, one day and place of birth, two first names.
fn make_twins(
    dice: &mut Dice,
    pupils: &mut [GeneratedPupil],
    seats: &[usize],
    divisions: &[Division],
) {
    let mut alone: Vec<Vec<usize>> = vec![Vec::new(); divisions.len()];
    let mut wanted = pupils.len() * TWIN_PAIRS_PERMILLE / 1000;
    for at in dice.order(pupils.len()) {
        if wanted == 0 {
            return;
        }
        let here = &divisions[seats[at]];
        let level = (0..divisions.len())
            .find(|other| *other == seats[at] || divisions[*other].is_beside(here))
            .unwrap_or(seats[at]);
        match alone[level].pop() {
            Some(twin) => {
                let model = pupils[twin].clone();
                pair(dice, &model, &mut pupils[at]);
                wanted -= 1;
            }
            None => alone[level].push(at),
        }
    }
}

fn pair(dice: &mut Dice, model: &GeneratedPupil, twin: &mut GeneratedPupil) {
    twin.last_name.clone_from(&model.last_name);
    twin.usage_name.clone_from(&model.usage_name);
    twin.birthdate = model.birthdate;
    twin.file.birthplace = model.file.birthplace;
    twin.file.nationality = model.file.nationality;
    twin.file.regime = model.file.regime;
    while twin.first_name == model.first_name {
        twin.first_name = names::first_name(dice, twin.sex);
    }
}

/// Gives to some pupils the first and last names of another, born on another day.
fn make_homonyms(
    dice: &mut Dice,
    setting: &Setting,
    pupils: &mut [GeneratedPupil],
    seats: &[usize],
    divisions: &[Division],
) {
    let order = dice.order(pupils.len());
    let wanted = some_of(pupils.len(), HOMONYMS_PERMILLE);
    for two in order.chunks_exact(2).take(wanted) {
        let (model, at) = (pupils[two[0]].clone(), two[1]);
        let namesake = &mut pupils[at];
        namesake.last_name = model.last_name;
        namesake.first_name = model.first_name;
        namesake.usage_name = None;
        namesake.sex = model.sex;
        while namesake.birthdate == model.birthdate {
            namesake.birthdate = setting.birthdate(dice, &divisions[seats[at]]);
        }
    }
}

fn set_standings(dice: &mut Dice, setting: &Setting, pupils: &mut [GeneratedPupil]) {
    let count = pupils.len();
    let mut order = dice.order(count).into_iter();
    for at in order.by_ref().take(some_of(count, LEFT_PERMILLE)) {
        pupils[at].standing = Standing::Left(setting.leave_day(dice));
    }
    for at in order.by_ref().take(some_of(count, LEAVING_PERMILLE)) {
        pupils[at].standing = Standing::Leaving(setting.coming_leave_day(dice));
    }
    for at in order.by_ref().take(some_of(count, INACTIVE_PERMILLE)) {
        pupils[at].standing = Standing::Inactive;
        pupils[at].division = Some(INACTIVE_DIVISION.to_owned());
        pupils[at].groups.clear();
    }
    for at in order.by_ref().take(some_of(count, UNASSIGNED_PERMILLE)) {
        pupils[at].standing = Standing::Unassigned;
        pupils[at].division = None;
        pupils[at].groups.clear();
    }
}
