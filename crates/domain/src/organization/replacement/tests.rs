use jiff::SignedDuration;
use uuid::Uuid;

use super::*;
use crate::testing::{chance, now, school, uai};

const OLD: &str = "0810004";
const NEW: &str = "0810007";

fn other(number: &str) -> Organization {
    Organization {
        id: OrganizationId(Uuid::from_u128(number.parse().unwrap())),
        uai: uai(number),
        created_at: now() + SignedDuration::from_hours(1),
        ..school()
    }
}

fn replace(school: &Organization, new: &str, holder: Option<Holder<'_>>) -> Replacing {
    school.replace_uai(uai(new), holder, chance().as_ref(), now())
}

fn written(replacing: Replacing) -> UaiReplacement {
    match replacing {
        Replacing::Write(replacement) => *replacement,
        other => panic!("nothing to write: {other:?}"),
    }
}

#[test]
fn nothing_of_the_school_moves_but_its_number() {
    let before = school();
    let replacement = written(replace(&before, NEW, None));
    let expected = Organization {
        uai: uai(NEW),
        former_uais: vec![uai(OLD)],
        revision: before.revision.next(),
        ..before.clone()
    };
    assert_eq!(replacement.organization, expected);
    assert_eq!(replacement.expected, before.revision);
    assert_eq!(replacement.former, uai(OLD));
    assert_eq!(replacement.gives_way, None);
    let action = Action::UaiReplaced {
        from: uai(OLD),
        to: uai(NEW),
    };
    assert_eq!(replacement.audit.action, action);
    assert_eq!(replacement.audit.organization_id, before.id);
}

#[test]
fn numbers_follow_each_other_and_go_back() {
    let mut school = school();
    for (new, formers) in [
        ("0810005", vec![OLD]),
        ("0810006", vec![OLD, "0810005"]),
        // Back again: the number is not former any more.
        ("0810005", vec![OLD, "0810006"]),
        (OLD, vec!["0810006", "0810005"]),
    ] {
        let holder = school.clone();
        let blank = false;
        let known = school.numbers().any(|number| number == uai(new));
        let holder = known.then_some(Holder {
            school: &holder,
            blank,
        });
        school = written(replace(&school, new, holder)).organization;
        assert_eq!(school.uai, uai(new));
        let formers: Vec<_> = formers.into_iter().map(uai).collect();
        assert_eq!(school.former_uais, formers);
    }
    assert_eq!(replace(&school, OLD, None), Replacing::AlreadyDone);
}

#[test]
fn only_a_blank_school_that_bears_the_number_gives_way() {
    let holder = other(NEW);
    let blank = |school, blank| Some(Holder { school, blank });
    let replacement = written(replace(&school(), NEW, blank(&holder, true)));
    let gives_way = GivesWay {
        id: holder.id,
        expected: holder.revision,
    };
    assert_eq!(replacement.gives_way, Some(gives_way));
    assert_eq!(
        replace(&school(), NEW, blank(&holder, false)),
        Replacing::InUse
    );
    let renumbered = Organization {
        former_uais: vec![uai(NEW)],
        ..other("0810008")
    };
    assert_eq!(
        replace(&school(), NEW, blank(&renumbered, true)),
        Replacing::InUse
    );
}

fn known(school: Organization) -> Known {
    (school, OnboardingFacts::default())
}

/// The numbers that a file of these may replace, when it lists the new one and perhaps the old one.
fn suspected(old: &Organization, new: &Organization, lists_old: bool) -> Vec<Uai> {
    let all = [known(old.clone()), known(new.clone())];
    let listed = std::iter::once(new.uai).chain(lists_old.then_some(old.uai));
    possible_replacements(&all, &listed.collect())
        .into_iter()
        .map(|(of, remark)| {
            assert_eq!(of, new.uai);
            remark.other().unwrap()
        })
        .collect()
}

#[test]
fn a_new_number_with_the_same_name_and_town_may_replace_the_former() {
    type Change = fn(&mut Organization);
    let cases: [(Change, bool); 9] = [
        (|_| {}, true),
        (
            |new| new.facts.name = "COLLEGE SOPHIE-GERMAIN".to_owned(),
            true,
        ),
        (|new| new.facts.nature = "350".to_owned(), true),
        (|new| new.facts.state = DirectoryState::Opening, true),
        (
            |new| new.facts.name = "Collège Marie Curie".to_owned(),
            false,
        ),
        (|new| new.facts.commune = "Castres".to_owned(), false),
        (|new| new.facts.nature = "302".to_owned(), false),
        (|new| new.facts.nature = "390".to_owned(), false),
        (|new| new.facts.state = DirectoryState::Closed, false),
    ];
    for (change, suspect) in cases {
        let mut new = other(NEW);
        change(&mut new);
        let expected = suspect.then(|| uai(OLD));
        let found = suspected(&school(), &new, false);
        assert_eq!(found, Vec::from_iter(expected), "{:?}", new.facts);
    }
}

#[test]
fn a_school_that_the_file_lists_as_open_is_replaced_by_nobody() {
    assert_eq!(suspected(&school(), &other(NEW), true), []);
    for state in [DirectoryState::Closing, DirectoryState::Closed] {
        let mut closing = school();
        closing.facts.state = state;
        assert_eq!(suspected(&closing, &other(NEW), true), [uai(OLD)]);
        // Both were first seen in one file, in any order.
        closing.created_at = other(NEW).created_at + SignedDuration::from_hours(1);
        assert_eq!(suspected(&closing, &other(NEW), true), [uai(OLD)]);
    }
}

#[test]
fn a_school_is_like_another_and_never_like_itself() {
    let (here, namesake) = (school(), other(NEW));
    assert!(here.is_like(&namesake) && namesake.is_like(&here));
    assert!(!here.is_like(&here));
    let mut elsewhere = namesake;
    elsewhere.facts.commune = "Castres".to_owned();
    assert!(!here.is_like(&elsewhere));
}

#[test]
fn towns_that_are_unknown_are_not_the_same() {
    let [mut old, mut new] = [school(), other(NEW)];
    for school in [&mut old, &mut new] {
        school.facts.commune = academy::department(school.uai);
    }
    assert_eq!(suspected(&old, &new, false), []);
}

#[test]
fn a_school_at_work_replaces_nobody_and_is_not_given_a_second_space() {
    let at_work = OnboardingFacts {
        joined: true,
        ..OnboardingFacts::default()
    };
    let all = [(school(), at_work), known(other(NEW))];
    let namesakes = Namesakes::of(&all);
    assert_eq!(namesakes.at_work_before(&all[1]), Some(&all[0].0));
    assert_eq!(namesakes.at_work_before(&all[0]), None);
    let both = [(school(), at_work), (other(NEW), at_work)];
    assert_eq!(Namesakes::of(&both).before(&both[1]).count(), 0);
    let neither = [known(school()), known(other(NEW))];
    assert_eq!(Namesakes::of(&neither).at_work_before(&neither[1]), None);
}
