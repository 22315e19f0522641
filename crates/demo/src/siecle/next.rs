//! The same school, some weeks later.

use jiff::ToSpan as _;
use jiff::civil::Date;
use pix_orga_domain::roster::reading::Sex;

use super::generate::some_of;
use super::person::Setting;
use super::{GeneratedPupil, School, Standing, names};
use crate::draw::Dice;

/// Of the present pupils, out of a thousand: those who came, changed class, changed usage name, left with a date,
/// and disappeared from the file.
const ADDED_PERMILLE: usize = 15;
const MOVED_PERMILLE: usize = 10;
const RENAMED_PERMILLE: usize = 6;
const LEFT_PERMILLE: usize = 8;
const ABSENT_PERMILLE: usize = 6;
/// Below this many pupils, nobody leaves: a tiny school would be emptied.
const CHANGES_FROM_PUPILS: usize = 8;
/// The letters whose damage stays visible, and that no blank hides.
const DAMAGEABLE: &str = "éèëêïîô";

/// A later export, and what changed in it. Every list holds `ELEVE_ID`s, and no pupil is in two lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextExport {
    /// The school as it is then.
    pub school: School,
    /// New pupils.
    pub added: Vec<String>,
    /// Pupils in another class of their level.
    pub moved: Vec<String>,
    /// Pupils with a new usage name.
    pub renamed: Vec<String>,
    /// Pupils gone, still in the file with their day of leave.
    pub left: Vec<String>,
    /// Pupils gone, no longer in the file.
    pub absent: Vec<String>,
    /// The pupil whose first name is damaged, as `HÃ©lÃšne`: one with no other change, or else a new one.
    pub damaged: Option<String>,
}

pub(super) fn export(seed: u64, before: &School, exported_on: Date) -> NextExport {
    let exported_on = exported_on.max(before.exported_on.saturating_add(1.day()));
    let topic = [
        "siecle next",
        before.spec.uai.as_str(),
        &exported_on.to_string(),
    ];
    let dice = &mut Dice::new(seed, &topic);
    let setting = Setting {
        uai: before.spec.uai,
        school_year: before.school_year,
        exported_on,
    };
    let school = some_days_later(before, exported_on);
    let staying: Vec<usize> = (0..school.pupils.len())
        .filter(|at| school.pupils[*at].standing == Standing::Present)
        .collect();
    let mut order: Vec<usize> = dice
        .order(staying.len())
        .into_iter()
        .map(|at| staying[at])
        .rev()
        .collect();
    let mut take = |permille| {
        let wanted = some(staying.len(), permille).min(order.len());
        order.split_off(order.len() - wanted)
    };
    let (moved, renamed) = (take(MOVED_PERMILLE), take(RENAMED_PERMILLE));
    let (left, absent) = (take(LEFT_PERMILLE), take(ABSENT_PERMILLE));
    let ids = |school: &School, of: &[usize]| -> Vec<String> {
        of.iter()
            .map(|at| school.pupils[*at].eleve_id.clone())
            .collect()
    };
    let mut next = NextExport {
        added: Vec::new(),
        moved: Vec::new(),
        renamed: ids(&school, &renamed),
        left: ids(&school, &left),
        absent: ids(&school, &absent),
        damaged: None,
        school,
    };
    next.move_to_other_classes(dice, &setting, &moved);
    next.rename(dice, &setting, &renamed);
    for at in left {
        let day = setting
            .leave_day(dice)
            .max(before.exported_on.min(exported_on));
        let last = exported_on.saturating_sub(1.day());
        next.school.pupils[at].standing = Standing::Left(day.min(last));
    }
    next.damage_one(&order);
    next.add(dice, &setting, some(staying.len(), ADDED_PERMILLE));
    let absent = &next.absent;
    next.school
        .pupils
        .retain(|pupil| !absent.contains(&pupil.eleve_id));
    next
}

/// The same pupils on a later day: those whose leave was coming may have left.
fn some_days_later(before: &School, exported_on: Date) -> School {
    let mut school = before.clone();
    school.exported_on = exported_on;
    for pupil in &mut school.pupils {
        pupil.damaged = false;
        if let Standing::Leaving(day) = pupil.standing
            && day < exported_on
        {
            pupil.standing = Standing::Left(day);
        }
    }
    school
}

/// So many in a thousand, at least one unless the school is tiny.
fn some(pupils: usize, permille: usize) -> usize {
    some_of(pupils, permille).max(usize::from(pupils >= CHANGES_FROM_PUPILS))
}

impl NextExport {
    fn move_to_other_classes(&mut self, dice: &mut Dice, setting: &Setting, moved: &[usize]) {
        for at in moved {
            let pupil = &mut self.school.pupils[*at];
            let Some(here) = self
                .school
                .divisions
                .iter()
                .find(|one| Some(&one.code) == pupil.division.as_ref())
            else {
                continue;
            };
            let beside: Vec<_> = self
                .school
                .divisions
                .iter()
                .filter(|one| one.is_beside(here) && one.mefs == here.mefs)
                .collect();
            if let Some(other) = dice.pick(&beside) {
                pupil.division = Some(other.code.clone());
                pupil.groups = other
                    .groups(dice)
                    .into_iter()
                    .map(|(code, _, _)| code)
                    .collect();
                pupil.file.modified_on = setting.leave_day(dice);
                self.moved.push(pupil.eleve_id.clone());
            }
        }
    }

    fn rename(&mut self, dice: &mut Dice, setting: &Setting, renamed: &[usize]) {
        for at in renamed {
            let pupil = &mut self.school.pupils[*at];
            let other = std::iter::repeat_with(|| names::usage_name(dice, &pupil.last_name))
                .find(|name| pupil.usage_name.as_ref() != Some(name));
            pupil.usage_name = other;
            pupil.file.modified_on = setting.leave_day(dice);
        }
    }

    fn damage_one(&mut self, unchanged: &[usize]) {
        let found = unchanged
            .iter()
            .find(|at| can_be_damaged(&self.school.pupils[**at]));
        if let Some(at) = found {
            let pupil = &mut self.school.pupils[*at];
            pupil.damaged = true;
            self.damaged = Some(pupil.eleve_id.clone());
        }
    }

    fn add(&mut self, dice: &mut Dice, setting: &Setting, count: usize) {
        for _ in 0..count {
            let School {
                pupils,
                divisions,
                ledger,
                ..
            } = &mut self.school;
            let Some(division) = dice.pick(divisions) else {
                return;
            };
            let mut pupil = setting.pupil(dice, ledger, division);
            pupil.file.entered_on = setting.leave_day(dice);
            if self.damaged.is_none() {
                "Hélène".clone_into(&mut pupil.first_name);
                pupil.sex = Sex::F;
                pupil.damaged = true;
                self.damaged = Some(pupil.eleve_id.clone());
            }
            self.added.push(pupil.eleve_id.clone());
            pupils.push(pupil);
        }
    }
}

fn can_be_damaged(pupil: &GeneratedPupil) -> bool {
    let mut accents = pupil
        .first_name
        .chars()
        .filter(|c| !c.is_ascii())
        .peekable();
    accents.peek().is_some() && accents.all(|c| DAMAGEABLE.contains(c))
}
