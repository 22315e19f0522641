//! The people of the demo's médiacentre, chosen so that each answer a pupil can get is a click away.

use std::fmt;

use jiff::civil::Date;
use pix_orga_domain::roster::reading::Sex;

use crate::schools::{self, FictitiousSchool};
use crate::siecle::{GeneratedPupil, School, Standing};

/// Ordinary pupils of the first school.
const ORDINARY: usize = 6;
/// Of them, those who come back with another identifier: enough to be settled together.
const CHANGED: usize = 3;
/// Pupils of each other school.
const ELSEWHERE: usize = 2;
/// Letters of a surname that can be misspelt and still be recognised as near.
const MISSPELT_LETTERS_MIN: usize = 6;

/// What is particular about somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Particularity {
    /// In the list: linked by their date of birth.
    Ordinary,
    /// The GAR gives the usage name.
    UsageName,
    /// Another pupil has the same surname and date of birth.
    Twin,
    /// The GAR's surname has one letter too many: a teacher settles it.
    Misspelt,
    /// The list does not have them any more: a teacher settles it.
    Gone,
    /// One of the first ordinary pupils again, whose GAR identifier changed: an administrator settles it.
    ChangedIdentity,
    /// A teacher: has nothing to do here.
    Teacher,
    /// A parent of the first ordinary pupil: has nothing to do here either.
    Parent,
    /// A pupil of another school than the first.
    Elsewhere,
}

/// Somebody who does not exist. Names never show in `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    /// What the page's form sends.
    pub id: String,
    /// The school.
    pub school: &'static FictitiousSchool,
    /// `NOM`.
    pub last_name: String,
    /// `PRE`.
    pub first_name: String,
    /// The class, when they have one.
    pub division: Option<String>,
    /// What to type; nothing for a teacher or a parent.
    pub birthdate: Option<Date>,
    /// What is particular about them.
    pub particularity: Particularity,
    sex: Sex,
    groups: Vec<String>,
    ido: String,
}

impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Person")
            .field("id", &self.id)
            .field("particularity", &self.particularity)
            .finish_non_exhaustive()
    }
}

impl Person {
    /// What the page says beside them: the date to type, and what will happen.
    pub fn note(&self) -> String {
        let what = match self.particularity {
            Particularity::Ordinary => "Élève de la liste.",
            Particularity::UsageName => "Le Médiacentre donne son nom d’usage.",
            Particularity::Twin => "A une jumelle ou un jumeau dans la liste.",
            Particularity::Misspelt => "Son nom a une faute de frappe : l’enseignant tranche.",
            Particularity::Gone => "N’est plus dans la liste : l’enseignant tranche.",
            Particularity::ChangedIdentity => {
                "Le même élève après un changement d’ENT : l’administrateur tranche."
            }
            Particularity::Teacher => "N’est pas un élève, mais une enseignante.",
            Particularity::Parent => "N’est pas un élève, mais un parent.",
            Particularity::Elsewhere => "Élève d’un autre établissement.",
        };
        match self.birthdate {
            Some(born) => format!("Naissance : {}. {what}", born.strftime("%d/%m/%Y")),
            None => what.to_owned(),
        }
    }

    /// What the GAR signs of them: each attribute's name, then its values.
    pub fn attributes(&self) -> Vec<(String, Vec<String>)> {
        let division = self.division.iter();
        let divisions: Vec<_> = division.map(|code| format!("{code}##{code}")).collect();
        let groups = self.groups.iter().zip(self.division.iter().cycle());
        let groups: Vec<_> = groups
            .map(|(group, division)| format!("{group}##{group}##{division}"))
            .collect();
        let one = |value: &str| vec![value.to_owned()];
        [
            ("IDO", one(&self.ido)),
            ("UAI", one(self.school.uai.as_str())),
            ("PRO", one(self.profile())),
            ("NOM", one(&self.last_name)),
            ("PRE", one(&self.first_name)),
            ("CIV", one(self.civility())),
            ("DIV", divisions),
            ("GRO", groups),
        ]
        .into_iter()
        .filter(|(_, values)| !values.is_empty())
        .map(|(name, values)| (name.to_owned(), values))
        .collect()
    }

    /// `PRO`.
    const fn profile(&self) -> &'static str {
        match self.particularity {
            Particularity::Teacher => "National_ens",
            Particularity::Parent => "National_tut",
            _ => "National_elv",
        }
    }

    /// `CIV`.
    const fn civility(&self) -> &'static str {
        match self.sex {
            Sex::F => "Mme",
            Sex::M => "M.",
        }
    }
}

/// A pupil of a school, as the GAR would sign them in.
fn pupil(
    school: &'static FictitiousSchool,
    pupil: &GeneratedPupil,
    particularity: Particularity,
) -> Person {
    Person {
        id: format!("{}-{}", school.uai, pupil.eleve_id),
        school,
        last_name: pupil.usual_name().to_owned(),
        first_name: pupil.first_name.clone(),
        division: pupil.division.clone(),
        birthdate: Some(pupil.birthdate),
        particularity,
        sex: pupil.sex,
        groups: pupil.groups.clone(),
        ido: pupil.ido.clone(),
    }
}

/// Everybody: the first school's people, then the others'.
pub(super) fn of(schools: &[School]) -> Vec<Person> {
    let mut people = Vec::new();
    for (rank, school) in schools.iter().enumerate() {
        let Some(fictitious) = schools::find(school.spec.uai) else {
            continue;
        };
        if rank == 0 {
            people.extend(first(fictitious, school));
        } else {
            let few = school.present().take(ELSEWHERE);
            people.extend(few.map(|one| pupil(fictitious, one, Particularity::Elsewhere)));
        }
    }
    people
}

fn first(fictitious: &'static FictitiousSchool, school: &School) -> Vec<Person> {
    let person = |one: &GeneratedPupil, what| pupil(fictitious, one, what);
    let plain = |one: &&GeneratedPupil| one.usage_name.is_none() && !has_twin(school, one);
    let mut ordinary = school.present().filter(plain);
    let mut people: Vec<Person> = ordinary
        .by_ref()
        .take(ORDINARY)
        .map(|one| person(one, Particularity::Ordinary))
        .collect();
    let same = people.iter().take(CHANGED).cloned();
    let changed: Vec<Person> = same.map(change_identity).collect();
    let parent = people.first().map(parent);
    let misspelt = ordinary
        .find(|one| one.last_name.chars().count() >= MISSPELT_LETTERS_MIN)
        .map(|one| misspell(person(one, Particularity::Misspelt)));
    let mut present = school.present();
    let usage = present.find(|one| one.usage_name.is_some());
    let mut present = school.present();
    let twin = present.find(|one| one.usage_name.is_none() && has_twin(school, one));
    let mut everybody = school.pupils.iter();
    let gone = everybody.find(|one| matches!(one.standing, Standing::Left(_)));
    people.extend(usage.map(|one| person(one, Particularity::UsageName)));
    people.extend(twin.map(|one| person(one, Particularity::Twin)));
    people.extend(misspelt);
    people.extend(gone.map(|one| person(one, Particularity::Gone)));
    people.extend(changed);
    people.push(teacher(fictitious));
    people.extend(parent);
    people
}

fn has_twin(school: &School, one: &GeneratedPupil) -> bool {
    school.present().any(|other| {
        other.eleve_id != one.eleve_id
            && other.last_name == one.last_name
            && other.birthdate == one.birthdate
    })
}

/// Another ENT project gives another identifier: as opaque, as long.
fn change_identity(person: Person) -> Person {
    Person {
        id: format!("{}-nouveau", person.id),
        particularity: Particularity::ChangedIdentity,
        ido: person.ido.chars().rev().collect(),
        ..person
    }
}

/// The last letter typed twice.
fn misspell(person: Person) -> Person {
    let mut last_name = person.last_name.clone();
    last_name.extend(person.last_name.chars().last());
    Person {
        last_name,
        // Without the class nothing tips the balance: a person decides.
        division: None,
        ..person
    }
}

fn teacher(school: &'static FictitiousSchool) -> Person {
    Person {
        id: format!("{}-enseignante", school.uai),
        school,
        last_name: "FABRE".to_owned(),
        first_name: "Mireille".to_owned(),
        division: None,
        birthdate: None,
        particularity: Particularity::Teacher,
        sex: Sex::F,
        groups: Vec::new(),
        ido: format!("{:0>128}", school.uai.as_str().to_lowercase()),
    }
}

/// A parent bears no class: theirs is the child's.
fn parent(child: &Person) -> Person {
    Person {
        id: format!("{}-parent", child.id),
        school: child.school,
        last_name: child.last_name.clone(),
        first_name: "Hervé".to_owned(),
        division: None,
        birthdate: None,
        particularity: Particularity::Parent,
        sex: Sex::M,
        groups: Vec::new(),
        ido: format!(
            "{:0>128}",
            format!("{}f", child.school.uai.as_str().to_lowercase())
        ),
    }
}
