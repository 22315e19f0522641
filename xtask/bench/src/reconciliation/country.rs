//! Schools and students by the million, made by PostgreSQL itself from some thousands of names.

use std::fmt::Write as _;

use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use journeys::database::Database;
use pix_orga_demo::schools;
use pix_orga_demo::siecle::{Generator, SchoolSpec};
use pix_orga_domain::names::search_key;
use pix_orga_domain::roster::sort_key;

/// Students of a school.
const SCHOOL_STUDENTS: u64 = 500;
/// Names drawn, as often as they are borne; schools take them in turn, each from another one.
const NAMES: usize = 20_000;
/// Days on which students are born: four years.
const BIRTH_DAYS: u64 = 1_460;
/// The first of them.
const FIRST_BORN: Date = date(2011, 1, 1);
/// The letters of a UAI's key and of a campaign's code.
const LETTERS: &str = "ABCDEFGHJKLMNPRSTUVWXYZ";
/// Two départements whose numbers are enough for every school.
const FIRST_UAI: u64 = 750_000;
const SECOND_UAI: u64 = 590_000;
const UAIS_OF_A_PREFIX: u64 = 10_000;
/// Classes of a school.
const DIVISIONS: u64 = 20;

/// So many schools.
pub struct Country {
    /// How many.
    pub schools: u64,
    names: Vec<Borne>,
}

/// What a student is called.
pub struct Borne {
    /// The family name, in capitals.
    pub last_name: String,
    /// The first of the first names.
    pub first_name: String,
    others: Vec<String>,
}

/// A student's place.
#[derive(Clone, Copy)]
pub struct Place {
    /// The school, from 0.
    pub school: u64,
    /// The student in the school, from 0.
    pub pupil: u64,
}

impl Country {
    /// Enough schools for so many students.
    pub fn of(students: u64) -> Self {
        let spec = SchoolSpec::of(&schools::all()[0]);
        let drawn = Generator::new(1).generate(&spec, NAMES, 2026, date(2026, 10, 5));
        let names = drawn.pupils.into_iter().map(|pupil| Borne {
            last_name: pupil.last_name,
            first_name: pupil.first_name,
            others: pupil.other_first_names,
        });
        Self {
            schools: students.div_ceil(SCHOOL_STUDENTS).min(2 * UAIS_OF_A_PREFIX),
            names: names.collect(),
        }
    }

    /// How many students.
    pub fn students(&self) -> u64 {
        self.schools * SCHOOL_STUDENTS
    }

    /// A student no other number gives, far from the one before.
    pub fn place(&self, number: u64) -> Place {
        Place {
            school: number * 7_919 % self.schools,
            pupil: (number / self.schools + number * 13) % SCHOOL_STUDENTS,
        }
    }

    /// The names of a student.
    pub fn name(&self, place: Place) -> &Borne {
        let at = (place.school * 7_919 + place.pupil * 37) % self.names.len() as u64;
        &self.names[usize::try_from(at).unwrap_or_default()]
    }

    /// Fills the database, and lets it know its tables as autovacuum does within a minute.
    pub async fn fill(&self, database: &Database) {
        let mut link = database.open().await;
        for statement in self.statements() {
            link.run("", &statement).await;
        }
    }

    fn statements(&self) -> Vec<String> {
        let (schools, names) = (self.schools, self.names.len());
        vec![
            self.names_table(),
            format!(
                "INSERT INTO accounts VALUES ({owner}, 'a@ecole.invalid', 'a@ecole.invalid', 'A', 'A', '-', 0, 0, 0);
                 INSERT INTO organizations (id, uai, name, commune, nature, sector, import_policy, imports_allowed,
                        created_at, revision)
                    SELECT {school}, lpad(n::text, 7, '0') || substr('{LETTERS}', (n % 23 + 1)::int, 1), 'Collège',
                        'Ville', 'school', 'public', 'updatable', 0, 0, 0
                    FROM (SELECT s, CASE WHEN s < {UAIS_OF_A_PREFIX} THEN {FIRST_UAI} + s
                        ELSE {SECOND_UAI} + s - {UAIS_OF_A_PREFIX} END AS n FROM generate_series(0, {schools} - 1) s) u;
                 INSERT INTO rosters SELECT id, 1, NULL, NULL FROM organizations;
                 INSERT INTO campaigns SELECT {campaign}, {school}, {owner}, 'Rentrée', NULL, NULL, {code}, NULL, 0, 0
                    FROM generate_series(0, {schools} - 1) s",
                owner = uuid("0", 1),
                school = uuid("s", 2),
                campaign = uuid("s", 3),
                code = code_of_school(),
            ),
            WITHOUT_INDEXES.to_owned(),
            format!(
                "INSERT INTO students (id, organization_id, eleve_id, last_name, first_name, other_first_names,
                        birthdate, division, search_key, sort_key)
                    SELECT {student}, {school}, p::text, last_name, first_name, others,
                        DATE '{FIRST_BORN}' + ((p * p * 17 + s * 31) % {BIRTH_DAYS})::int, '6E' || p % {DIVISIONS},
                        search_key, sort_key
                    FROM generate_series(0::bigint, {schools} - 1) s, generate_series(0::bigint, {SCHOOL_STUDENTS} - 1) p
                    JOIN bench_names ON true
                    WHERE at = (s * 7919 + p * 37) % {names}",
                student = uuid(&format!("(s * {SCHOOL_STUDENTS} + p)"), 4),
                school = uuid("s", 2),
            ),
            WITH_INDEXES.to_owned(),
            "DROP TABLE bench_names, bench_indexes".to_owned(),
            "VACUUM ANALYZE".to_owned(),
        ]
    }

    fn names_table(&self) -> String {
        let mut sql = "CREATE TABLE bench_names (at BIGINT PRIMARY KEY, last_name TEXT, first_name TEXT, others TEXT,
            search_key TEXT, sort_key TEXT); INSERT INTO bench_names VALUES "
            .to_owned();
        for (at, name) in self.names.iter().enumerate() {
            let others = name
                .others
                .iter()
                .map(|one| format!("\"{one}\""))
                .collect::<Vec<_>>();
            let cells = [
                name.last_name.clone(),
                name.first_name.clone(),
                format!("[{}]", others.join(",")),
                search_key(&[&name.last_name, &name.first_name]),
                sort_key(&name.last_name, &name.first_name),
            ];
            let cells = cells
                .map(|cell| format!("'{}'", cell.replace('\'', "''")))
                .join(", ");
            let comma = if at == 0 { "" } else { ", " };
            let _ = write!(sql, "{comma}({at}, {cells})");
        }
        sql
    }
}

/// A table is filled many times faster without what is kept row by row, and its indexes are as the product makes them.
const WITHOUT_INDEXES: &str = "
    CREATE TABLE bench_indexes AS SELECT indexname, indexdef FROM pg_indexes i
        WHERE tablename = 'students' AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conname = i.indexname);
    DO $$ DECLARE name text; BEGIN
        FOR name IN SELECT indexname FROM bench_indexes LOOP EXECUTE format('DROP INDEX %I', name); END LOOP;
    END $$;
    SET session_replication_role = replica";

const WITH_INDEXES: &str = "
    RESET session_replication_role;
    DO $$ DECLARE definition text; BEGIN
        FOR definition IN SELECT indexdef FROM bench_indexes LOOP EXECUTE definition; END LOOP;
    END $$";

/// [`code`], as PostgreSQL computes it from `s`.
fn code_of_school() -> String {
    let mut sql = String::new();
    for power in 0..6 {
        let unit = 23_u64.pow(power);
        let _ = write!(
            sql,
            "substr('{LETTERS}', (s / {unit} % 23 + 1)::int, 1) || "
        );
    }
    sql + "'234'"
}

/// An identifier that grows with its number, as the product's do; `kind` keeps two tables apart.
fn uuid(number: &str, kind: u8) -> String {
    format!("('00000000-000{kind}-7000-8000-' || lpad(to_hex({number}::bigint), 12, '0'))::uuid")
}

/// The national number of a school.
pub fn uai(school: u64) -> String {
    let number = if school < UAIS_OF_A_PREFIX {
        FIRST_UAI + school
    } else {
        SECOND_UAI + school - UAIS_OF_A_PREFIX
    };
    format!("{number:07}{}", letter(number))
}

/// The code of a school's campaign.
pub fn code(school: u64) -> String {
    let letters: String = (0..6)
        .map(|power| letter(school / 23_u64.pow(power)))
        .collect();
    format!("{letters}234")
}

/// The class of a student.
pub fn division(pupil: u64) -> String {
    format!("6E{}", pupil % DIVISIONS)
}

/// The birth date of a student: a few of a school share each.
pub fn birthdate(place: Place) -> Date {
    let day = (place.pupil * place.pupil * 17 + place.school * 31) % BIRTH_DAYS;
    FIRST_BORN.saturating_add(i64::try_from(day).unwrap_or_default().days())
}

fn letter(number: u64) -> char {
    let at = usize::try_from(number % LETTERS.len() as u64).unwrap_or_default();
    LETTERS.chars().nth(at).unwrap_or_default()
}
