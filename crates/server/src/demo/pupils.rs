//! The demo's pupils: 600 in the first school, invented, the same at each start.

use std::sync::OnceLock;

use jiff::civil::Date;
use pix_orga_demo::schools::{self, FictitiousSchool};
use pix_orga_demo::siecle::{Generator, NextExport, School, SchoolSpec};

/// What the demo's pupils are drawn from.
const SEED: u64 = 2026;
/// Pupils of the demo's school.
const PUPILS: usize = 600;
/// Pupils of another school.
const PUPILS_ELSEWHERE: usize = 40;
/// The school year is the one the demo is run in; exports are made in its September.
const EXPORT_MONTH: i8 = 9;

/// The demo's school and its two exports, made when first asked for.
pub struct DemoPupils {
    today: Date,
    first: OnceLock<School>,
    next: OnceLock<NextExport>,
}

impl DemoPupils {
    /// For the school year of this day.
    pub fn new() -> Self {
        let today = pix_orga_domain::clock::day_in_paris(jiff::Timestamp::now());
        Self {
            today,
            first: OnceLock::new(),
            next: OnceLock::new(),
        }
    }

    /// The demo's school.
    pub fn school() -> &'static FictitiousSchool {
        &schools::all()[0]
    }

    /// Its first export.
    pub fn first(&self) -> &School {
        self.first.get_or_init(|| {
            let school_year = pix_orga_domain::clock::school_year(self.today);
            let exported_on = self.day_of_export(school_year, 8);
            let spec = SchoolSpec::of(Self::school());
            Generator::new(SEED).generate(&spec, PUPILS, school_year, exported_on)
        })
    }

    /// Its next export: pupils came, changed, left; one name is damaged.
    pub fn next(&self) -> &NextExport {
        self.next.get_or_init(|| {
            let first = self.first();
            let exported_on = self.day_of_export(first.school_year, 15);
            Generator::new(SEED).next_export(first, exported_on)
        })
    }

    /// Who enters by the médiacentre: the pupils of the demo's school, and a few of another.
    pub fn everybody(&self) -> Vec<School> {
        let first = self.first().clone();
        let elsewhere = schools::all().get(1).map(|other| {
            let spec = SchoolSpec::of(other);
            Generator::new(SEED).generate(
                &spec,
                PUPILS_ELSEWHERE,
                first.school_year,
                first.exported_on,
            )
        });
        std::iter::once(first).chain(elsewhere).collect()
    }

    /// A day of September, or today when September is to come.
    fn day_of_export(&self, school_year: i16, day: i8) -> Date {
        Date::new(school_year, EXPORT_MONTH, day).map_or(self.today, |day| day.min(self.today))
    }
}
