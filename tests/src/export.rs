//! SIECLE exports written by hand, for what no generated school has.

use std::io::{Cursor, Write as _};

use pix_orga_domain::clock::{day_in_paris, school_year};

/// The UAI of the demo's school.
pub const UAI: &str = "0059900J";

/// The first year of the school year that a server expects today.
pub fn this_school_year() -> i16 {
    school_year(day_in_paris(jiff::Timestamp::now()))
}

/// An export of the demo's school, in UTF-8: its pupils, then their classes.
pub struct Export {
    /// The encoding it declares.
    pub encoding: &'static str,
    /// `UAJ`.
    pub uai: &'static str,
    /// `ANNEE_SCOLAIRE`.
    pub school_year: i16,
    /// `DATE_EXPORT`, dd/mm/yyyy.
    pub exported_on: &'static str,
    /// The inside of `ADRESSES`.
    pub addresses: &'static str,
    /// The `ELEVE` elements.
    pub pupils: String,
    /// The `STRUCTURES_ELEVE` elements.
    pub structures: String,
}

impl Default for Export {
    fn default() -> Self {
        Self {
            encoding: "UTF-8",
            uai: UAI,
            school_year: this_school_year(),
            exported_on: "08/09/2026",
            addresses: "",
            pupils: String::new(),
            structures: String::new(),
        }
    }
}

impl Export {
    /// One more pupil: `ELEVE_ID` (none when empty), the class (none when empty), and the children of `ELEVE`.
    #[must_use]
    pub fn with(mut self, eleve_id: &str, division: &str, children: &[(&str, &str)]) -> Self {
        let attribute = if eleve_id.is_empty() {
            String::new()
        } else {
            format!(" ELEVE_ID=\"{eleve_id}\"")
        };
        let start = format!("<ELEVE{attribute} ELENOET=\"1\">");
        self.pupils.push_str(&start);
        for (name, value) in children {
            let child = format!("<{name}>{value}</{name}>");
            self.pupils.push_str(&child);
        }
        self.pupils.push_str("</ELEVE>\n");
        if division.is_empty() {
            self
        } else {
            self.in_class(eleve_id, division)
        }
    }

    /// One more class of a pupil.
    #[must_use]
    pub fn in_class(mut self, eleve_id: &str, division: &str) -> Self {
        let structure = format!(
            "<STRUCTURES_ELEVE ELEVE_ID=\"{eleve_id}\" ELENOET=\"1\"><STRUCTURE><CODE_STRUCTURE>{division}\
             </CODE_STRUCTURE><TYPE_STRUCTURE>D</TYPE_STRUCTURE></STRUCTURE></STRUCTURES_ELEVE>\n"
        );
        self.structures.push_str(&structure);
        self
    }

    /// The file.
    pub fn bytes(&self) -> Vec<u8> {
        let Self {
            encoding,
            uai,
            school_year,
            exported_on,
            addresses,
            pupils,
            structures,
        } = self;
        format!(
            "<?xml version=\"1.0\" encoding=\"{encoding}\"?>\n<BEE_ELEVES VERSION=\"2.1\">\n<PARAMETRES><UAJ>{uai}</UAJ>\
             <ANNEE_SCOLAIRE>{school_year}</ANNEE_SCOLAIRE><DATE_EXPORT>{exported_on}</DATE_EXPORT></PARAMETRES>\n\
             <DONNEES><ELEVES>\n{pupils}</ELEVES><STRUCTURES>\n{structures}</STRUCTURES>\
             <ADRESSES>{addresses}</ADRESSES></DONNEES></BEE_ELEVES>\n"
        )
        .into_bytes()
    }
}

/// The children of a pupil about whom nothing can be said: INE, family name, first name.
pub fn sound<'a>(ine: &'a str, last_name: &'a str, first_name: &'a str) -> [(&'a str, &'a str); 5] {
    [
        ("ID_NATIONAL", ine),
        ("NOM_DE_FAMILLE", last_name),
        ("PRENOM", first_name),
        ("DATE_NAISS", "01/02/2014"),
        ("CODE_SEXE", "2"),
    ]
}

/// An archive of these members.
pub fn zip_of(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        zip.start_file(*name, zip::write::SimpleFileOptions::default())
            .unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// The same archive, whose members all say that they have a password.
pub fn locked(mut archive: Vec<u8>) -> Vec<u8> {
    for (magic, flags) in [(b"PK\x03\x04", 6), (b"PK\x01\x02", 8)] {
        for start in 0..archive.len().saturating_sub(flags) {
            if archive[start..].starts_with(magic) {
                archive[start + flags] |= 1;
            }
        }
    }
    archive
}

/// The same archive, whose members all say that they are compressed by this method.
pub fn compressed_by(mut archive: Vec<u8>, method: u8) -> Vec<u8> {
    for (magic, field) in [(b"PK\x03\x04", 8), (b"PK\x01\x02", 10)] {
        for start in 0..archive.len().saturating_sub(field) {
            if archive[start..].starts_with(magic) {
                archive[start + field] = method;
            }
        }
    }
    archive
}
