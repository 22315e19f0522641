//! The fictitious schools: two an académie and an agricultural lycée, and the official directory they would be in.

use std::sync::LazyLock;

use jiff::civil::Date;
use pix_orga_domain::academy::{self, MailDomains};
use pix_orga_domain::uai::Uai;

use crate::draw;

const SCHOOLS: &str = include_str!("../data/schools.csv");

/// The byte-order mark the official file starts with.
const BOM: &[u8] = b"\xEF\xBB\xBF";

/// The columns of the official directory that the product reads, by their official names and in their order.
const COLUMNS: [&str; 18] = [
    "Identifiant_de_l_etablissement",
    "Nom_etablissement",
    "Type_etablissement",
    "Statut_public_prive",
    "Code_postal",
    "Nom_commune",
    "Code_departement",
    "Code_academie",
    "Libelle_academie",
    "Mail",
    "Telephone",
    "etat",
    "ministere_tutelle",
    "code_nature",
    "libelle_nature",
    "etablissement_mere",
    "type_rattachement_etablissement_mere",
    "date_maj_ligne",
];

/// What a school teaches, hence which levels its pupils are in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SchoolKind {
    /// Collège, with SEGPA classes when it is large.
    College,
    /// Lycée général et technologique.
    LyceeGeneral,
    /// Lycée polyvalent: general, technological and vocational.
    LyceePolyvalent,
    /// Lycée professionnel, some pupils being apprentices.
    LyceePro,
    /// Lycée agricole: under the ministry of agriculture, its pupils are in Fregata.
    LyceeAgricole,
}

/// How the directory and the exports speak of a kind of school.
struct Wording {
    category: &'static str,
    nature_code: &'static str,
    nature: &'static str,
    ministry: &'static str,
    /// Pupils of the schools at each decile but the extremes (DEPP, 2021).
    sizes: [usize; 6],
}

const EDUCATION: &str = "MINISTERE DE L'EDUCATION NATIONALE";
const AGRICULTURE: &str = "MINISTERE DE L'AGRICULTURE";
/// The domain of agricultural schools' addresses.
const AGRICULTURAL_DOMAIN: &str = "educagri.fr";

impl SchoolKind {
    fn wording(self) -> Wording {
        match self {
            Self::College => Wording {
                category: "Collège",
                nature_code: "340",
                nature: "COLLEGE",
                ministry: EDUCATION,
                sizes: [206, 333, 412, 480, 623, 754],
            },
            Self::LyceeGeneral => Wording {
                category: "Lycée",
                nature_code: "300",
                nature: "LYCEE ENSEIGNT GENERAL ET TECHNOLOGIQUE",
                ministry: EDUCATION,
                sizes: [378, 733, 949, 1_050, 1_077, 1_364],
            },
            Self::LyceePolyvalent => Wording {
                category: "Lycée",
                nature_code: "306",
                nature: "LYCEE POLYVALENT",
                ministry: EDUCATION,
                sizes: [493, 579, 760, 962, 1_236, 1_341],
            },
            Self::LyceePro => Wording {
                category: "Lycée",
                nature_code: "320",
                nature: "LYCEE PROFESSIONNEL",
                ministry: EDUCATION,
                sizes: [188, 228, 310, 370, 434, 637],
            },
            // Most real ones bear the natures of the other lycées: the ministry tells them.
            Self::LyceeAgricole => Wording {
                category: "Lycée",
                nature_code: "300",
                nature: "LYCEE ENSEIGNT GENERAL ET TECHNOLOGIQUE",
                ministry: AGRICULTURE,
                sizes: [150, 220, 280, 340, 420, 560],
            },
        }
    }
}

/// A school that does not exist. Its number is well-formed, its mail domain is not on the Internet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FictitiousSchool {
    /// Its national number; the serial, 9900 to 9967, belongs to no real school.
    pub uai: Uai,
    /// What it teaches.
    pub kind: SchoolKind,
    /// Whether it is public.
    pub public: bool,
    /// Its name in French, such as `Collège Sophie Germain`.
    pub name: &'static str,
    /// An invented town.
    pub town: &'static str,
    /// A real département.
    pub department: &'static str,
    /// A realistic number of pupils for its kind.
    pub pupils: usize,
}

impl FictitiousSchool {
    /// The address its invitation goes to, such as `ce.0059900j@ac-aix-marseille.fr.invalid`, or an agricultural
    /// lycée's `legta.ville-fictive-69@educagri.fr.invalid`.
    pub fn mail(&self) -> String {
        if self.kind == SchoolKind::LyceeAgricole {
            let town = self.town.to_lowercase();
            let domain = MailDomains::Fictitious.spell(AGRICULTURAL_DOMAIN);
            return format!("legta.{town}@{domain}");
        }
        let domain = academy::of(self.uai).map_or("", |academy| academy.mail_domain);
        let local = self.uai.as_str().to_ascii_lowercase();
        format!("ce.{local}@{}", MailDomains::Fictitious.spell(domain))
    }

    /// The département on three characters, as the directory writes it: Corsica is `02A` and `02B`.
    fn department_code(&self) -> &str {
        match self.uai.prefix() {
            "620" => "02A",
            "720" => "02B",
            prefix => prefix,
        }
    }

    fn record(&self, serial: usize, updated_on: Date) -> [String; COLUMNS.len()] {
        let wording = self.kind.wording();
        let (academy_code, academy_name) =
            academy::of(self.uai).map_or(("", ""), |academy| (academy.code, academy.name));
        let department = self.department_code();
        let postal = department.trim_start_matches('0').replace(['A', 'B'], "0");
        [
            self.uai.to_string(),
            self.name.to_owned(),
            wording.category.to_owned(),
            if self.public { "Public" } else { "Privé" }.to_owned(),
            format!("{postal:0>2}999").chars().take(5).collect(),
            self.town.to_owned(),
            department.to_owned(),
            academy_code.to_owned(),
            academy_name.to_owned(),
            self.mail(),
            format!("019900{:04}", serial + 1),
            "OUVERT".to_owned(),
            wording.ministry.to_owned(),
            wording.nature_code.to_owned(),
            wording.nature.to_owned(),
            String::new(),
            String::new(),
            updated_on.to_string(),
        ]
    }
}

static ALL: LazyLock<Vec<FictitiousSchool>> = LazyLock::new(|| {
    draw::rows(SCHOOLS)
        .enumerate()
        .filter_map(|(serial, cells)| {
            let &[uai, public, name, town, department] = cells.as_slice() else {
                return None;
            };
            let kind = kind_of(name);
            let sizes = kind.wording().sizes;
            Some(FictitiousSchool {
                uai: Uai::parse(uai).ok()?,
                kind,
                public: public == "1",
                name,
                town,
                department,
                pupils: sizes[(serial / 2) % sizes.len()],
            })
        })
        .collect()
});

fn kind_of(name: &str) -> SchoolKind {
    if name.starts_with("Collège") {
        SchoolKind::College
    } else if name.starts_with("Lycée agricole") {
        SchoolKind::LyceeAgricole
    } else if name.starts_with("Lycée professionnel") {
        SchoolKind::LyceePro
    } else if name.starts_with("Lycée polyvalent") {
        SchoolKind::LyceePolyvalent
    } else {
        SchoolKind::LyceeGeneral
    }
}

/// Every fictitious school, in the order of académies' names, the agricultural lycée last.
pub fn all() -> &'static [FictitiousSchool] {
    &ALL
}

/// The first agricultural lycée.
pub fn agricultural() -> Option<&'static FictitiousSchool> {
    ALL.iter()
        .find(|school| school.kind == SchoolKind::LyceeAgricole)
}

/// The school of this number, or nothing.
pub fn find(uai: Uai) -> Option<&'static FictitiousSchool> {
    ALL.iter().find(|school| school.uai == uai)
}

/// The official directory (`fr-en-annuaire-education`) as if these schools were all there is: CSV separated by `;`,
/// UTF-8 with a byte-order mark, CRLF, quotes only where needed. `updated_on` is each line's `date_maj_ligne`.
///
/// # Errors
/// Those of the CSV writer; writing to memory gives none.
pub fn directory_csv(
    schools: &[FictitiousSchool],
    updated_on: Date,
) -> Result<Vec<u8>, std::io::Error> {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(b';')
        .terminator(csv::Terminator::CRLF)
        .from_writer(BOM.to_vec());
    writer.write_record(COLUMNS)?;
    for (serial, school) in schools.iter().enumerate() {
        writer.write_record(school.record(serial, updated_on))?;
    }
    writer.into_inner().map_err(csv::IntoInnerError::into_error)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use jiff::civil::date;

    use super::*;

    #[test]
    fn every_line_of_the_table_is_a_school_of_its_own() {
        assert_eq!(all().len(), SCHOOLS.lines().count() - 1);
        let numbers: HashSet<_> = all().iter().map(|school| school.uai).collect();
        assert_eq!(numbers.len(), all().len());
        for school in all() {
            assert_eq!(find(school.uai), Some(school));
            assert!((9900..9968).contains(&school.uai.as_str()[3..7].parse::<u16>().unwrap()));
        }
    }

    #[test]
    fn each_kind_is_there() {
        for kind in [
            SchoolKind::College,
            SchoolKind::LyceeGeneral,
            SchoolKind::LyceePolyvalent,
            SchoolKind::LyceePro,
        ] {
            assert!(
                all().iter().filter(|school| school.kind == kind).count() >= 4,
                "{kind:?}"
            );
        }
        assert_eq!(agricultural(), all().last());
    }

    #[test]
    fn no_mail_can_reach_anybody() {
        for school in all() {
            let mail = school.mail();
            let (local, domain) = mail.split_once('@').unwrap();
            if school.kind == SchoolKind::LyceeAgricole {
                assert!(MailDomains::Fictitious.is(domain, AGRICULTURAL_DOMAIN));
                continue;
            }
            assert_eq!(local.to_ascii_uppercase(), format!("CE.{}", school.uai));
            let official = academy::of(school.uai).unwrap().mail_domain;
            assert!(MailDomains::Fictitious.is(domain, official), "{mail}");
        }
    }

    #[test]
    fn the_directory_has_the_official_shape() {
        let bytes = directory_csv(all(), date(2026, 11, 2)).unwrap();
        let text = std::str::from_utf8(bytes.strip_prefix(BOM).unwrap()).unwrap();
        assert_eq!(text.matches("\r\n").count(), all().len() + 1);
        assert_eq!(text.matches('\n').count(), all().len() + 1);
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(b';')
            .from_reader(text.as_bytes());
        let headers = reader.headers().unwrap().clone();
        assert_eq!(headers.iter().collect::<Vec<_>>(), COLUMNS);
        let cell = |record: &csv::StringRecord, column: &str| {
            record[COLUMNS.iter().position(|name| *name == column).unwrap()].to_owned()
        };
        for (record, school) in reader.records().map(Result::unwrap).zip(all()) {
            assert_eq!(Uai::parse(&record[0]), Ok(school.uai));
            assert_eq!(cell(&record, "Mail"), school.mail());
            assert_eq!(cell(&record, "Code_departement").chars().count(), 3);
            let postal = cell(&record, "Code_postal");
            assert!(
                postal.len() == 5 && postal.bytes().all(|b| b.is_ascii_digit()),
                "{postal}"
            );
            assert_eq!(cell(&record, "date_maj_ligne"), "2026-11-02");
            assert_eq!(
                cell(&record, "Type_etablissement") == "Collège",
                school.kind == SchoolKind::College
            );
        }
    }
}
