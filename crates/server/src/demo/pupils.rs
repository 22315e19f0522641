//! The demo's pupils: 600 in the first school and 300 in the agricultural lycée, invented, the same at each start.

use std::sync::OnceLock;

use jiff::civil::Date;
use pix_orga_demo::schools::{self, FictitiousSchool};
use pix_orga_demo::siecle::{Generator, NextExport, School, SchoolSpec};

/// What the demo's pupils are drawn from.
const SEED: u64 = 2026;
/// Pupils of the demo's school.
const PUPILS: usize = 600;
/// Pupils of the demo's agricultural lycée.
const PUPILS_AGRICULTURAL: usize = 300;
/// Pupils of another school.
const PUPILS_ELSEWHERE: usize = 40;
/// The school year is the one the demo is run in; exports are made in its September.
const EXPORT_MONTH: i8 = 9;

/// The demo's two schools and their two exports each, made when first asked for.
pub struct DemoPupils {
    today: Date,
    first: OnceLock<School>,
    next: OnceLock<NextExport>,
    fregata: OnceLock<School>,
    fregata_next: OnceLock<NextExport>,
}

impl DemoPupils {
    /// For the school year of this day.
    pub fn new() -> Self {
        let today = pix_orga_domain::clock::day_in_paris(jiff::Timestamp::now());
        Self {
            today,
            first: OnceLock::new(),
            next: OnceLock::new(),
            fregata: OnceLock::new(),
            fregata_next: OnceLock::new(),
        }
    }

    /// The demo's school.
    pub fn school() -> &'static FictitiousSchool {
        &schools::all()[0]
    }

    /// The demo's agricultural lycée.
    pub fn agricultural() -> &'static FictitiousSchool {
        schools::agricultural().unwrap_or_else(Self::school)
    }

    /// The first export of the demo's school.
    pub fn first(&self) -> &School {
        self.first
            .get_or_init(|| self.export(Self::school(), PUPILS))
    }

    /// Its next export: pupils came, changed, left; one name is damaged.
    pub fn next(&self) -> &NextExport {
        self.next.get_or_init(|| self.export_after(self.first()))
    }

    /// The first export of the agricultural lycée.
    pub fn fregata(&self) -> &School {
        self.fregata
            .get_or_init(|| self.export(Self::agricultural(), PUPILS_AGRICULTURAL))
    }

    /// Its next export.
    pub fn fregata_next(&self) -> &NextExport {
        self.fregata_next
            .get_or_init(|| self.export_after(self.fregata()))
    }

    fn export(&self, school: &FictitiousSchool, pupils: usize) -> School {
        let school_year = pix_orga_domain::clock::school_year(self.today);
        let exported_on = self.day_of_export(school_year, 8);
        let spec = SchoolSpec::of(school);
        Generator::new(SEED).generate(&spec, pupils, school_year, exported_on)
    }

    fn export_after(&self, first: &School) -> NextExport {
        let exported_on = self.day_of_export(first.school_year, 15);
        Generator::new(SEED).next_export(first, exported_on)
    }

    /// Who enters by the médiacentre: the pupils of the demo's school, and a few of another and of the lycée.
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
        std::iter::once(first)
            .chain(elsewhere)
            .chain(std::iter::once(self.fregata().clone()))
            .collect()
    }

    /// A day of September, or today when September is to come.
    fn day_of_export(&self, school_year: i16, day: i8) -> Date {
        Date::new(school_year, EXPORT_MONTH, day).map_or(self.today, |day| day.min(self.today))
    }
}
