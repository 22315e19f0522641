//! The file, as SIECLE writes it.

use std::fmt::Write as _;
use std::io::{self, Cursor, Write};

use encoding_rs::ISO_8859_15;
use jiff::civil::Date;
use pix_orga_domain::roster::reading::Sex;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::{GeneratedPupil, School, Standing};
use crate::schools;

/// The name SIECLE gives to the archive.
pub const ZIP_NAME: &str = "ExportXML_ElevesSansAdresses.zip";
/// The name of its only member.
pub const MEMBER_NAME: &str = "ElevesSansAdresses.xml";
/// The name of the same file once taken out of the archive.
pub const XML_NAME: &str = MEMBER_NAME;

/// `VERSION` of the root.
const VERSION: &str = "2.1";
/// Text is encoded and written when it has grown to this many bytes.
const CHUNK_BYTES: usize = 256 * 1024;
/// What a pupil takes, to reserve memory once.
const PUPIL_BYTES: usize = 2_400;
/// `CODE_MOTIF_SORTIE` of a pupil whose family moves.
const MOVED_AWAY: &str = "03";

impl School {
    /// Writes the XML, declared and encoded in ISO-8859-15.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write_xml(&self, out: impl Write) -> io::Result<()> {
        let mut page = Page::new(out);
        page.text
            .push_str(r#"<?xml version="1.0" encoding="ISO-8859-15"?>"#);
        let _ = write!(page.text, "\n<BEE_ELEVES VERSION=\"{VERSION}\">\n");
        self.parameters(&mut page);
        page.line("<DONNEES>");
        page.line("<ELEVES>");
        let here = SchoolWords::of(self);
        for pupil in &self.pupils {
            student(&mut page, pupil, &here);
            page.flush_when_full()?;
        }
        page.line("</ELEVES>");
        page.line("<OPTIONS>");
        for pupil in &self.pupils {
            options(&mut page, pupil);
            page.flush_when_full()?;
        }
        page.line("</OPTIONS>");
        page.line("<STRUCTURES>");
        for pupil in &self.pupils {
            structures(&mut page, pupil);
            page.flush_when_full()?;
        }
        page.line("</STRUCTURES>");
        page.line("<BOURSES/>");
        page.line("<ADRESSES/>");
        page.line("</DONNEES>");
        page.line("</BEE_ELEVES>");
        page.flush()
    }

    fn parameters<W: Write>(&self, page: &mut Page<W>) {
        let day = french(self.exported_on);
        page.line("<PARAMETRES>");
        page.element("UAJ", self.spec.uai.as_str());
        page.element("ANNEE_SCOLAIRE", &self.school_year.to_string());
        page.element("DATE_EXPORT", &day);
        page.element("HORODATAGE", &format!("{day} 08:15:42"));
        page.line("</PARAMETRES>");
    }

    /// The XML file: its bytes, in ISO-8859-15.
    pub fn to_xml_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.pupils.len() * PUPIL_BYTES);
        // A vector takes every write.
        let _ = self.write_xml(&mut bytes);
        bytes
    }

    /// The archive that SIECLE gives to download, called [`ZIP_NAME`].
    ///
    /// # Errors
    /// Those of the archive writer, such as a file beyond 4 GiB.
    pub fn to_zip_bytes(&self) -> io::Result<Vec<u8>> {
        zip_of(MEMBER_NAME, |member| self.write_xml(member))
    }
}

/// An archive of one member, written by `fill`.
pub(crate) fn zip_of(
    member: &str,
    fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    archive.start_file(member, options)?;
    fill(&mut archive)?;
    Ok(archive.finish()?.into_inner())
}

/// Text on its way to the file.
struct Page<W> {
    text: String,
    out: W,
}

impl<W: Write> Page<W> {
    fn new(out: W) -> Self {
        Self {
            text: String::with_capacity(CHUNK_BYTES + PUPIL_BYTES),
            out,
        }
    }

    fn line(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
    }

    /// An element with text, or an empty one, on its line.
    fn element(&mut self, name: &str, value: &str) {
        if value.is_empty() {
            let _ = writeln!(self.text, "<{name}/>");
            return;
        }
        let _ = write!(self.text, "<{name}>");
        for c in value.chars() {
            match c {
                '&' => self.text.push_str("&amp;"),
                '<' => self.text.push_str("&lt;"),
                '>' => self.text.push_str("&gt;"),
                c => self.text.push(c),
            }
        }
        let _ = writeln!(self.text, "</{name}>");
    }

    fn flush_when_full(&mut self) -> io::Result<()> {
        if self.text.len() < CHUNK_BYTES {
            Ok(())
        } else {
            self.flush()
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        // What the encoding lacks becomes a character reference, which XML reads back.
        let (bytes, _, _) = ISO_8859_15.encode(&self.text);
        self.out.write_all(&bytes)?;
        self.text.clear();
        Ok(())
    }
}

/// How last year's school is written, when it is this one.
struct SchoolWords {
    uai: String,
    short: &'static str,
    name: String,
    town: String,
}

impl SchoolWords {
    fn of(school: &School) -> Self {
        let found = schools::find(school.spec.uai);
        let college = school.spec.kind == schools::SchoolKind::College;
        Self {
            uai: school.spec.uai.to_string(),
            short: if college { "CLG" } else { "LYC" },
            name: found
                .map_or("ETABLISSEMENT FICTIF", |one| one.name)
                .to_uppercase(),
            town: found.map_or("VILLE-FICTIVE", |one| one.town).to_uppercase(),
        }
    }
}

fn french(day: Date) -> String {
    format!("{:02}/{:02}/{:04}", day.day(), day.month(), day.year())
}

fn flag(value: bool) -> &'static str {
    if value { "1" } else { "0" }
}

/// The first name as the file writes it: damaged, the bytes of its UTF-8 are read as if they were ISO-8859-15.
pub(crate) fn written_first_name(pupil: &GeneratedPupil) -> String {
    if pupil.damaged {
        ISO_8859_15
            .decode_without_bom_handling(pupil.first_name.as_bytes())
            .0
            .into_owned()
    } else {
        pupil.first_name.clone()
    }
}

/// One `ELEVE`, its children in the order of real exports.
fn student<W: Write>(page: &mut Page<W>, pupil: &GeneratedPupil, here: &SchoolWords) {
    let file = &pupil.file;
    let ine = pupil.ine.as_ref().map_or("", |ine| ine.as_str());
    let is_old = ine.as_bytes().get(9).is_some_and(u8::is_ascii_digit);
    let leave = match pupil.standing {
        Standing::Left(day) | Standing::Leaving(day) => french(day),
        _ => String::new(),
    };
    let other = |at: usize| pupil.other_first_names.get(at).map_or("", String::as_str);
    let elenoet = pupil.elenoet.to_string();
    let _ = writeln!(
        page.text,
        r#"<ELEVE ELEVE_ID="{}" ELENOET="{elenoet}">"#,
        pupil.eleve_id
    );
    let mut put = |name: &str, value: &str| page.element(name, value);
    put("ID_NATIONAL", ine);
    put(
        "INE_BEA",
        if is_old {
            ine
        } else {
            file.old_ine.as_deref().unwrap_or("")
        },
    );
    put("INE_RNIE", if is_old { "" } else { ine });
    put("ELENOET", &elenoet);
    put("ID_ELEVE_ETAB", &elenoet);
    put("NOM_DE_FAMILLE", &pupil.last_name);
    put("NOM_USAGE", pupil.usage_name.as_deref().unwrap_or(""));
    put("PRENOM", &written_first_name(pupil));
    put("PRENOM2", other(0));
    put("PRENOM3", other(1));
    put("DATE_NAISS", &french(pupil.birthdate));
    put("DOUBLEMENT", flag(file.repeating));
    put("CODE_PAYS", file.birthplace.country);
    put("ACCEPTE_SMS", flag(file.accepts_sms));
    put("DATE_MODIFICATION", &french(file.modified_on));
    put("DATE_SORTIE", &leave);
    put("MEL", file.mail.as_deref().unwrap_or(""));
    put("CODE_REGIME", &file.regime.to_string());
    put("DATE_ENTREE", &french(file.entered_on));
    put("VILLE_NAISS", file.birthplace.town);
    put(
        "CODE_MOTIF_SORTIE",
        if leave.is_empty() { "" } else { MOVED_AWAY },
    );
    put("TEL_PERSONNEL", "");
    put("TEL_PORTABLE", file.mobile.as_deref().unwrap_or(""));
    put("TEL_PROFESSIONNEL", "");
    put("CODE_SEXE", if pupil.sex == Sex::M { "1" } else { "2" });
    put("CODE_PAYS_NAT", file.nationality);
    put("CODE_STATUT", if file.apprentice { "AP" } else { "ST" });
    put("CODE_MEF", &pupil.mef);
    put("CODE_DEPARTEMENT_NAISS", file.birthplace.department);
    put("CODE_COMMUNE_INSEE_NAISS", file.birthplace.code);
    put("ADHESION_TRANSPORT", "0");
    put(
        "CODE_PROVENANCE",
        if file.last_division.is_empty() {
            "2"
        } else {
            "1"
        },
    );
    last_year(page, pupil, here);
    page.line("</ELEVE>");
}

/// `SCOLARITE_AN_DERNIER`, whose elements have the names of this year's ones.
fn last_year<W: Write>(page: &mut Page<W>, pupil: &GeneratedPupil, here: &SchoolWords) {
    let file = &pupil.file;
    let stayed = !file.last_division.is_empty();
    let mail = format!("ce.{}@etablissement.invalid", here.uai.to_ascii_lowercase());
    let mine = |value: &'static str| if stayed { value } else { "" };
    page.line("<SCOLARITE_AN_DERNIER>");
    let mut put = |name: &str, value: &str| page.element(name, value);
    put("CODE_STRUCTURE", &file.last_division);
    put("CODE_MEF", &file.last_mef);
    put("CODE_RNE", if stayed { &here.uai } else { "" });
    put("SIGLE", mine(here.short));
    put(
        "DENOM_PRINC",
        if stayed {
            &here.name
        } else {
            "ETABLISSEMENT D'ORIGINE"
        },
    );
    put("DENOM_COMPL", "");
    put("LIGNE1_ADRESSE", mine("1 RUE DE L'ECOLE"));
    put("LIGNE2_ADRESSE", "");
    put("LIGNE3_ADRESSE", "");
    put("LIGNE4_ADRESSE", "");
    put("BOITE_POSTALE", "");
    put("MEL", if stayed { &mail } else { "" });
    put("TELEPHONE", mine("0199000000"));
    put("CODE_COMMUNE_INSEE", mine("00000"));
    put("LL_COMMUNE_INSEE", if stayed { &here.town } else { "" });
    page.line("</SCOLARITE_AN_DERNIER>");
}

fn options<W: Write>(page: &mut Page<W>, pupil: &GeneratedPupil) {
    if pupil.file.options.is_empty() {
        return;
    }
    open(page, "OPTION", pupil);
    for (number, (subject, mode)) in pupil.file.options.iter().enumerate() {
        page.line("<OPTIONS_ELEVE>");
        page.element("NUM_OPTION", &(number + 1).to_string());
        page.element("CODE_MODALITE_ELECT", mode);
        page.element("CODE_MATIERE", subject);
        page.line("</OPTIONS_ELEVE>");
    }
    page.line("</OPTION>");
}

fn structures<W: Write>(page: &mut Page<W>, pupil: &GeneratedPupil) {
    let Some(division) = &pupil.division else {
        return;
    };
    open(page, "STRUCTURES_ELEVE", pupil);
    let groups = pupil.groups.iter().map(|group| (group, "G"));
    for (code, kind) in std::iter::once((division, "D")).chain(groups) {
        page.line("<STRUCTURE>");
        page.element("CODE_STRUCTURE", code);
        page.element("TYPE_STRUCTURE", kind);
        page.line("</STRUCTURE>");
    }
    page.line("</STRUCTURES_ELEVE>");
}

fn open<W: Write>(page: &mut Page<W>, name: &str, pupil: &GeneratedPupil) {
    let (eleve_id, elenoet) = (&pupil.eleve_id, pupil.elenoet);
    let _ = writeln!(
        page.text,
        r#"<{name} ELEVE_ID="{eleve_id}" ELENOET="{elenoet}">"#
    );
}
