//! The files that schools upload by mistake, or that somebody sends with bad intent.

use std::fmt::Write as _;
use std::io;

use encoding_rs::ISO_8859_15;
use pix_orga_domain::roster::reading::FileRefusalCode;

use super::xml::{MEMBER_NAME, ZIP_NAME, zip_of};
use super::{Generator, School, SchoolSpec};
use crate::{fregata, schools};

/// Size of the inflated bomb: 400 MB. The archive has about a thousandth of it.
pub const BLANKS_BYTES: usize = 400_000_000;
/// Blanks are written by this many.
const BLOCK_BYTES: usize = 1_000_000;
/// Pupils of the other school's export.
const OTHER_PUPILS: usize = 60;

/// A file that must be refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WrongFile {
    /// The right export of another school.
    OtherSchool,
    /// The parents' export of this school, `BEE_RESPONSABLES`.
    Parents,
    /// The list of pupils by class that SIECLE gives as CSV.
    ClassList,
    /// The right export, whose accents an editor destroyed.
    LostAccents,
    /// Fregata's export of an agricultural lycée.
    Fregata,
    /// The right archive, of which only the beginning came.
    TruncatedZip,
    /// The right archive, in another one.
    ArchiveWithin,
    /// The page where the file should have been downloaded from.
    WebPage,
    /// An archive of half a megabyte that inflates to 400 MB of blanks.
    Blanks,
}

impl WrongFile {
    /// Every wrong file.
    pub const ALL: [Self; 9] = [
        Self::OtherSchool,
        Self::Parents,
        Self::ClassList,
        Self::LostAccents,
        Self::Fregata,
        Self::TruncatedZip,
        Self::ArchiveWithin,
        Self::WebPage,
        Self::Blanks,
    ];

    /// A short name for a command line, such as `other-school`.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::OtherSchool => "other-school",
            Self::Parents => "parents",
            Self::ClassList => "class-list",
            Self::LostAccents => "lost-accents",
            Self::Fregata => "fregata",
            Self::TruncatedZip => "truncated-zip",
            Self::ArchiveWithin => "archive-within",
            Self::WebPage => "web-page",
            Self::Blanks => "blanks",
        }
    }

    /// What it is, for people, such as « L’export d’un autre établissement ».
    pub const fn label(self) -> &'static str {
        match self {
            Self::OtherSchool => "L’export d’un autre établissement",
            Self::Parents => "L’export des responsables",
            Self::ClassList => "La liste des élèves par division, en CSV",
            Self::LostAccents => "Le bon fichier, mais un logiciel en a perdu les accents",
            Self::Fregata => "L’export de Fregata, d’un lycée agricole",
            Self::TruncatedZip => "Une archive coupée pendant le téléchargement",
            Self::ArchiveWithin => "La bonne archive, rangée dans une autre",
            Self::WebPage => "Une page web enregistrée à la place du fichier",
            Self::Blanks => "Une petite archive qui contient 400 Mo de blancs",
        }
    }

    /// Why a reader must refuse it.
    pub const fn refusal(self) -> FileRefusalCode {
        match self {
            Self::OtherSchool => FileRefusalCode::UaiMismatch,
            Self::Parents | Self::ClassList | Self::Fregata => FileRefusalCode::WrongExport,
            Self::LostAccents => FileRefusalCode::AccentsLost,
            Self::ArchiveWithin => FileRefusalCode::ZipWithoutRoster,
            Self::TruncatedZip => FileRefusalCode::ZipUnreadable,
            Self::WebPage => FileRefusalCode::NotSiecle,
            Self::Blanks => FileRefusalCode::TooLarge,
        }
    }

    /// The file's name and its bytes, for a person who imports into `school`.
    ///
    /// # Errors
    /// Those of the archive writer.
    pub fn make(self, school: &School) -> io::Result<(&'static str, Vec<u8>)> {
        match self {
            Self::OtherSchool => other_school(school),
            Self::Parents => parents(school),
            Self::ClassList => Ok(class_list(school)),
            Self::LostAccents => Ok(lost_accents(school)),
            Self::Fregata => of_fregata(school),
            Self::TruncatedZip => truncated_zip(school),
            Self::ArchiveWithin => archive_within(school),
            Self::WebPage => Ok(web_page()),
            Self::Blanks => blanks(),
        }
    }
}

fn other_school(school: &School) -> io::Result<(&'static str, Vec<u8>)> {
    let other = schools::all()
        .iter()
        .find(|other| other.uai != school.spec.uai);
    let spec = other.map_or_else(|| school.spec.clone(), SchoolSpec::of);
    let other =
        Generator::new(0).generate(&spec, OTHER_PUPILS, school.school_year, school.exported_on);
    Ok((ZIP_NAME, other.to_zip_bytes()?))
}

fn of_fregata(school: &School) -> io::Result<(&'static str, Vec<u8>)> {
    let spec = schools::agricultural().map_or_else(|| school.spec.clone(), SchoolSpec::of);
    let other =
        Generator::new(0).generate(&spec, OTHER_PUPILS, school.school_year, school.exported_on);
    Ok((fregata::CSV_NAME, fregata::csv(&other)?))
}

/// The parents of the same pupils, with as little as the format needs.
fn parents(school: &School) -> io::Result<(&'static str, Vec<u8>)> {
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"ISO-8859-15\"?>\n");
    let _ = write!(
        text,
        "<BEE_RESPONSABLES VERSION=\"2.0\">\n  <PARAMETRES>\n    <UAJ>{}</UAJ>\n    <ANNEE_SCOLAIRE>{}</ANNEE_SCOLAIRE>\n  </PARAMETRES>\n  <DONNEES>\n    <PERSONNES>\n",
        school.spec.uai, school.school_year
    );
    for pupil in &school.pupils {
        let _ = write!(
            text,
            "      <PERSONNE PERSONNE_ID=\"{0}\">\n        <NOM_DE_FAMILLE>{1}</NOM_DE_FAMILLE>\n        <PRENOM>Camille</PRENOM>\n        <ACCEPTE_SMS>0</ACCEPTE_SMS>\n      </PERSONNE>\n",
            pupil.eleve_id, pupil.last_name
        );
    }
    text.push_str("    </PERSONNES>\n    <RESPONSABLES>\n");
    for pupil in &school.pupils {
        let _ = write!(
            text,
            "      <RESPONSABLE_ELEVE>\n        <ELEVE_ID>{0}</ELEVE_ID>\n        <PERSONNE_ID>{0}</PERSONNE_ID>\n        <RESP_LEGAL>1</RESP_LEGAL>\n      </RESPONSABLE_ELEVE>\n",
            pupil.eleve_id
        );
    }
    text.push_str("    </RESPONSABLES>\n    <ADRESSES/>\n  </DONNEES>\n</BEE_RESPONSABLES>\n");
    let (bytes, _, _) = ISO_8859_15.encode(&text);
    let zip = zip_of("Responsables.xml", |member| member.write_all(&bytes))?;
    Ok(("ExportXML_Responsables.zip", zip))
}

/// The columns that SIECLE gives, for the pupils who have a class.
fn class_list(school: &School) -> (&'static str, Vec<u8>) {
    let mut text =
        String::from("NOM;PRENOM;SEXE;NE(E) LE;MEF;DIV.;REG.;OPT1;OPT2;DIV. PREC.;Doublant\r\n");
    for pupil in &school.pupils {
        let born = pupil.birthdate;
        let _ = write!(
            text,
            "{};{};{:?};{:02}/{:02}/{};{};{};EXTERN;ANG1;;;N\r\n",
            pupil.last_name,
            pupil.first_name,
            pupil.sex,
            born.day(),
            born.month(),
            born.year(),
            pupil.mef,
            pupil.division.as_deref().unwrap_or_default(),
        );
    }
    let (bytes, _, _) = ISO_8859_15.encode(&text);
    ("EXP_Liste_des_eleves_par_division.csv", bytes.into_owned())
}

/// Each letter that is not ASCII is one that cannot be told any more.
fn lost_accents(school: &School) -> (&'static str, Vec<u8>) {
    let xml = school.to_xml_bytes();
    let (text, _, _) = ISO_8859_15.decode(&xml);
    let lost = |c: char| {
        if c.is_ascii() {
            c
        } else {
            char::REPLACEMENT_CHARACTER
        }
    };
    let text: String = text.chars().map(lost).collect();
    (MEMBER_NAME, text.into_bytes())
}

fn archive_within(school: &School) -> io::Result<(&'static str, Vec<u8>)> {
    let inner = school.to_zip_bytes()?;
    let outer = zip_of(ZIP_NAME, |member| member.write_all(&inner))?;
    Ok(("Documents.zip", outer))
}

fn truncated_zip(school: &School) -> io::Result<(&'static str, Vec<u8>)> {
    let mut bytes = school.to_zip_bytes()?;
    bytes.truncate(bytes.len() * 2 / 3);
    Ok((ZIP_NAME, bytes))
}

fn web_page() -> (&'static str, Vec<u8>) {
    let page = "<!DOCTYPE html>\n<html lang=\"fr\">\n<head><meta charset=\"utf-8\"><title>Connexion au portail</title></head>\n<body>\n<h1>Votre session a expiré</h1>\n<p>Connectez-vous de nouveau pour télécharger le fichier.\n<br><a href=\"/\">Retour à l’accueil</a>\n</body>\n</html>\n";
    (MEMBER_NAME, page.as_bytes().to_vec())
}

fn blanks() -> io::Result<(&'static str, Vec<u8>)> {
    let block = vec![b' '; BLOCK_BYTES];
    let zip = zip_of(MEMBER_NAME, |member| {
        (0..BLANKS_BYTES / BLOCK_BYTES).try_for_each(|_| member.write_all(&block))
    })?;
    Ok((ZIP_NAME, zip))
}
