//! Judging requests: what the evidence says of those that wait, on the roster as it is.
//!
//! Nothing of it is kept with a request, or a pupil who is imported, corrected or linked after asking would be judged on
//! what the roster no longer says. One thing is kept, because the list of pupils counts by it all day: which students
//! the waiting requests of a school name ([`Judging`]).

use std::collections::{BTreeSet, HashMap};

use jiff::civil::Date;

use super::birthdate::dates_to_compare;
use super::decision::{Candidate, Claim, Decision, Designated, Near, NearReason, decide_among};
use super::evidence::Levels;
use super::requests::RequestRecord;
use super::store::Candidates;
use crate::ids::{LinkingRequestId, OrganizationId, StudentId};
use crate::store::Revision;

/// The birth dates whose students must be read to judge these claims, each once.
pub fn days_to_read<'a>(claims: impl IntoIterator<Item = &'a Claim>) -> Vec<Date> {
    let days = claims.into_iter();
    let days: BTreeSet<Date> = days
        .flat_map(|claim| dates_to_compare(claim.birthdate))
        .collect();
    days.into_iter().collect()
}

/// Students by their birth date, so that each claim is compared with those of its own days only.
pub struct Evidence<'a> {
    born: HashMap<Date, Vec<&'a Candidate>>,
}

impl<'a> Evidence<'a> {
    /// What these students allow to say.
    pub fn among(students: &'a [Candidate]) -> Self {
        let mut born: HashMap<Date, Vec<&'a Candidate>> = HashMap::new();
        for student in students {
            born.entry(student.birthdate).or_default().push(student);
        }
        Self { born }
    }

    /// What it commands for a claim: the same as [`super::decision::decide`] among all the students.
    pub fn decide(&self, claim: &Claim) -> Decision {
        let days = dates_to_compare(claim.birthdate);
        let near = days.iter().filter_map(|day| self.born.get(day));
        decide_among(claim, near.flatten().copied())
    }
}

/// The students to show beside a request. One whom the evidence designates is shown too: asking never links, or it
/// would be a try that does not count.
pub fn near_of(decision: Decision) -> Vec<Near> {
    match decision {
        Decision::Link(Designated {
            student_id, levels, ..
        }) => {
            let reason = match levels {
                _ if levels.exact() => NearReason::SameNames,
                Levels { swapped: true, .. } => NearReason::NamesSwapped,
                _ => NearReason::NamesClose,
            };
            vec![Near {
                student_id,
                reason,
                levels,
                already_linked: false,
            }]
        }
        Decision::Person { near } => near,
        Decision::Nothing => Vec::new(),
    }
}

/// Whether the evidence designates one student by the first given name and the surname as they are.
pub fn is_exact(decision: &Decision) -> bool {
    matches!(decision, Decision::Link(designated) if designated.levels.exact())
}

/// Which students some waiting requests of a school name, judged on one roster: those are « Demande à vérifier » in the
/// list of pupils, while no account is linked to them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judging {
    /// The school whose roster was read.
    pub organization_id: OrganizationId,
    /// The revision of the roster it was decided on.
    pub roster: Revision,
    /// Each request, once.
    pub requests: Vec<JudgedRequest>,
}

/// Which students a waiting request names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JudgedRequest {
    /// The waiting request that was judged.
    pub id: LinkingRequestId,
    /// Its revision: asked again or settled since, it is left as it is.
    pub revision: Revision,
    /// The students, each once.
    pub students: Vec<StudentId>,
}

impl Judging {
    /// Decides which students these requests of a school name now.
    pub fn decide(
        organization_id: OrganizationId,
        requests: &[RequestRecord],
        candidates: &Candidates,
    ) -> Self {
        let evidence = Evidence::among(&candidates.students);
        let judged = requests.iter().map(|record| {
            let near = near_of(evidence.decide(&record.claim()));
            JudgedRequest {
                id: record.request.id,
                revision: record.request.revision,
                students: near.iter().map(|near| near.student_id).collect(),
            }
        });
        Self {
            organization_id,
            roster: candidates.roster,
            requests: judged.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reconciliation::decision::decide;
    use crate::reconciliation::testing::{BORN, claim, student};
    use jiff::civil::date;
    use proptest::prelude::*;

    #[test]
    fn the_days_to_read_are_those_of_every_claim_each_once() {
        let (one, same) = (claim("A", "B", "3A"), claim("C", "D", "3B"));
        let other = Claim {
            birthdate: date(2011, 11, 30),
            ..claim("E", "F", "3A")
        };
        assert_eq!(
            days_to_read([&one, &same]).len(),
            dates_to_compare(BORN).len()
        );
        let all = days_to_read([&one, &same, &other]);
        for claim in [&one, &other] {
            assert!(
                dates_to_compare(claim.birthdate)
                    .iter()
                    .all(|day| all.contains(day))
            );
        }
        assert!(all.windows(2).all(|two| two[0] < two[1]));
        assert!(days_to_read([]).is_empty());
    }

    #[test]
    fn only_a_link_on_the_names_as_they_are_is_exact() {
        let exact = decide(
            &claim("LEFEVRE", "Zoé", ""),
            &[student(1, "Lefèvre", "Zoé")],
        );
        assert!(is_exact(&exact));
        let partial = decide(
            &claim("LEFEVRE", "Zoé", ""),
            &[student(1, "de Lefèvre", "Zoé")],
        );
        assert!(matches!(partial, Decision::Link(_)) && !is_exact(&partial));
        assert!(!is_exact(&decide(&claim("LEFEVRE", "Zoé", ""), &[])));
        let reasons = [exact, partial].map(|decision| near_of(decision)[0].reason);
        assert_eq!(reasons, [NearReason::SameNames, NearReason::NamesClose]);
        let swapped = decide(
            &claim("Zoé", "LEFEVRE", "3A"),
            &[student(1, "Lefèvre", "Zoé")],
        );
        assert!(matches!(swapped, Decision::Link(_)));
        assert_eq!(near_of(swapped)[0].reason, NearReason::NamesSwapped);
    }

    prop_compose! {
        fn any_student()(
            id in 1_u128..9,
            last_name in prop::sample::select(vec!["Martin", "Martyn", "Petit"]),
            first_name in prop::sample::select(vec!["Léa", "Léo", "Martin"]),
            birthdate in prop::sample::select(vec![BORN, date(2012, 5, 3), date(2012, 3, 6), date(2010, 1, 1)]),
            linked in any::<bool>(),
        ) -> Candidate {
            Candidate { birthdate, linked, ..student(id, last_name, first_name) }
        }
    }

    proptest! {
        /// Judging many requests at once says of each what judging it alone says.
        #[test]
        fn students_of_other_days_change_nothing(
            students in prop::collection::vec(any_student(), 0..8),
            last_name in prop::sample::select(vec!["Martin", "Petit", "Léa"]),
            first_name in prop::sample::select(vec!["Léa", "Martin"]),
        ) {
            let claim = claim(last_name, first_name, "3A");
            let evidence = Evidence::among(&students);
            prop_assert_eq!(evidence.decide(&claim), decide(&claim, &students));
        }
    }
}
