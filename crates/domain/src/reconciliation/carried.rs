//! A pupil who changes school with the same account: the link follows the INE, without a date typed.

use std::fmt;

use jiff::civil::Date;
use unicode_normalization::UnicodeNormalization;

use super::decision::{Candidate, Designated, Rule};
use crate::ine::Ine;
use crate::uai::Uai;

/// What the GAR signed about the pupil who is at the door. It never shows in `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct SignedIdentity {
    /// `NOM`, as the GAR gave it.
    pub last_name: String,
    /// `PRE`, as the GAR gave it.
    pub first_name: String,
    /// Each `DIV`, as the GAR gave it.
    pub divisions: Vec<String>,
    /// Each `UAI`, as the GAR gave it.
    pub uais: Vec<String>,
}

impl fmt::Debug for SignedIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignedIdentity(…)")
    }
}

/// The student this account is linked to in another school. It never shows in `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct LinkedElsewhere {
    /// A well-formed INE; a student without one carries no link.
    pub ine: Option<Ine>,
    /// That student's birth date.
    pub birthdate: Date,
}

impl fmt::Debug for LinkedElsewhere {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkedElsewhere(…)")
    }
}

/// Whether a school is among the `UAI`s the GAR signed, case, width and blanks apart. They are compared as text: one
/// that is no UAI is simply no school's.
///
/// ```
/// use pix_orga_domain::{reconciliation::carried::uai_is_signed, uai::Uai};
/// let school = Uai::parse("0810004P").unwrap();
/// assert!(uai_is_signed(school, &["?".to_owned(), " 0810004p".to_owned()]));
/// ```
pub fn uai_is_signed(school: Uai, signed: &[String]) -> bool {
    signed.iter().any(|raw| {
        let mut text: String = raw.nfkc().filter(|c| !c.is_whitespace()).collect();
        text.make_ascii_uppercase();
        text == school.as_str()
    })
}

/// The student to link automatically because the same account is linked in another school: the only present student
/// of this school with that INE, unlinked, born the same day, whose names are the GAR's (3/3 on the first of the
/// first names), when this school is among the signed ones.
///
/// `school` are the numbers it has and had: a former one may still be signed.
/// `elsewhere` are the account's links in other schools; `candidates` the present students of this school who have
/// one of these INEs, linked ones included. `None` when nobody or more than one student is designated, or when nobody
/// signs the school: the pupil then types their birth date like anybody else.
pub fn carried_link(
    identity: &SignedIdentity,
    school: &[Uai],
    elsewhere: &[LinkedElsewhere],
    candidates: &[Candidate],
) -> Option<Designated> {
    let is_signed = |uai: &Uai| uai_is_signed(*uai, &identity.uais);
    if !school.iter().any(is_signed) {
        return None;
    }
    let mut designated: Option<Designated> = None;
    for link in elsewhere {
        let Some(here) = carried_by(link, identity, candidates) else {
            continue;
        };
        if designated.is_some_and(|other: Designated| other.student_id != here.student_id) {
            return None;
        }
        designated = Some(here);
    }
    designated
}

fn carried_by(
    link: &LinkedElsewhere,
    identity: &SignedIdentity,
    candidates: &[Candidate],
) -> Option<Designated> {
    let ine = link.ine.as_ref()?;
    let mut same_ine = candidates
        .iter()
        .filter(|c| c.present && c.ine.as_ref() == Some(ine));
    let student = same_ine.next()?;
    if same_ine.next().is_some() || student.linked || student.birthdate != link.birthdate {
        return None;
    }
    let levels = student.levels(
        &identity.last_name,
        &identity.first_name,
        &identity.divisions,
    );
    let (student_id, rule) = (student.student_id, Rule::CarriedByIne);
    levels.exact().then_some(Designated {
        student_id,
        rule,
        levels,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reconciliation::testing::student;
    use jiff::civil::date;

    const SCHOOL: &str = "0810004P";

    fn identity() -> SignedIdentity {
        SignedIdentity {
            last_name: "LEFEVRE".to_owned(),
            first_name: "Zoé".to_owned(),
            divisions: vec![],
            uais: vec!["0810005R".to_owned(), SCHOOL.to_lowercase()],
        }
    }

    fn here() -> Candidate {
        Candidate {
            ine: Ine::parse("123456789AB").ok(),
            ..student(1, "Lefèvre", "Zoé")
        }
    }

    fn elsewhere() -> LinkedElsewhere {
        LinkedElsewhere {
            ine: Ine::parse("123456789AB").ok(),
            birthdate: here().birthdate,
        }
    }

    fn carried(
        identity: &SignedIdentity,
        elsewhere: &[LinkedElsewhere],
        here: &[Candidate],
    ) -> Option<u128> {
        carried_link(identity, &[Uai::parse(SCHOOL).unwrap()], elsewhere, here).map(|link| {
            assert_eq!(link.rule, Rule::CarriedByIne);
            link.student_id.0.as_u128()
        })
    }

    #[test]
    fn the_link_follows_the_ine() {
        let others = [student(2, "Lefèvre", "Zoé"), here()];
        assert_eq!(carried(&identity(), &[elsewhere()], &others), Some(1));
        assert_eq!(
            carried(&identity(), &[elsewhere(), elsewhere()], &others),
            Some(1)
        );
    }

    #[test]
    fn each_missing_condition_forbids_it() {
        let yes = here();
        for (case, candidates) in [
            ("nobody", vec![]),
            (
                "left",
                vec![Candidate {
                    present: false,
                    ..yes.clone()
                }],
            ),
            (
                "linked",
                vec![Candidate {
                    linked: true,
                    ..yes.clone()
                }],
            ),
            (
                "another date",
                vec![Candidate {
                    birthdate: date(2012, 1, 1),
                    ..yes.clone()
                }],
            ),
            (
                "another INE",
                vec![Candidate {
                    ine: Ine::parse("123456789AC").ok(),
                    ..yes.clone()
                }],
            ),
            (
                "no INE",
                vec![Candidate {
                    ine: None,
                    ..yes.clone()
                }],
            ),
            (
                "surname at 2",
                vec![Candidate {
                    last_name: "de Lefèvre".to_owned(),
                    ..yes.clone()
                }],
            ),
            (
                "first name at 2",
                vec![Candidate {
                    first_name: "Zoé Marie".to_owned(),
                    ..yes.clone()
                }],
            ),
            (
                "twice",
                vec![
                    yes.clone(),
                    Candidate {
                        student_id: student(2, "", "").student_id,
                        ..yes.clone()
                    },
                ],
            ),
        ] {
            assert_eq!(
                carried(&identity(), &[elsewhere()], &candidates),
                None,
                "{case}"
            );
        }
    }

    #[test]
    fn neither_does_an_identity_linked_nowhere_or_of_another_school() {
        let yes = here();
        assert_eq!(carried(&identity(), &[], std::slice::from_ref(&yes)), None);
        let unsigned = SignedIdentity {
            uais: vec!["0810005R".to_owned()],
            ..identity()
        };
        assert_eq!(
            carried(&unsigned, &[elsewhere()], std::slice::from_ref(&yes)),
            None
        );
        let unsaid = SignedIdentity {
            uais: vec![],
            ..identity()
        };
        assert_eq!(
            carried(&unsaid, &[elsewhere()], std::slice::from_ref(&yes)),
            None
        );
        let without_ine = LinkedElsewhere {
            ine: None,
            ..elsewhere()
        };
        let nobody_s = Candidate { ine: None, ..yes };
        assert_eq!(carried(&identity(), &[without_ine], &[nobody_s]), None);
    }

    #[test]
    fn two_students_designated_are_nobody() {
        let other_ine = Ine::parse("987654321ZZ").unwrap();
        let other = Candidate {
            ine: Some(other_ine.clone()),
            ..student(2, "Lefèvre", "Zoé")
        };
        let links = [
            elsewhere(),
            LinkedElsewhere {
                ine: Some(other_ine),
                birthdate: other.birthdate,
            },
        ];
        assert_eq!(carried(&identity(), &links, &[here(), other]), None);
    }
}
