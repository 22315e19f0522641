//! The people of the demo's médiacentre: fictitious, each with the attributes that the GAR would sign of them.
//!
//! Nothing here signs: an identity provider takes [`Person::attributes`].

use std::fmt;

use crate::siecle::School;

mod people;

pub use people::{Particularity, Person};

/// Where the demo shows its médiacentre.
pub const MEDIACENTRE_PATH: &str = "/demo/mediacentre";

/// The médiacentre of a demo.
pub struct Mediacentre {
    people: Vec<Person>,
}

impl fmt::Debug for Mediacentre {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mediacentre")
            .field("people", &self.people.len())
            .finish_non_exhaustive()
    }
}

impl Mediacentre {
    /// The people of these schools: of the first one, pupils of every particularity, a teacher and a parent; of the
    /// others, a few pupils, who are in the wrong school when they enter the first one's campaigns.
    pub fn new(schools: &[School]) -> Self {
        Self {
            people: people::of(schools),
        }
    }

    /// Everybody, school by school.
    pub fn people(&self) -> &[Person] {
        &self.people
    }

    /// Somebody, by what the page's form sends.
    pub fn find(&self, id: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.id == id)
    }
}
