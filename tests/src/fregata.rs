//! The demo's agricultural lycée, and exports of Fregata written by hand.

use pix_orga_demo::schools::{self, FictitiousSchool};

use crate::demo::Demo;
use crate::people::{Head, last_mail_to, link_of};

/// The columns of Fregata's export.
pub const HEADER: &str = "Identifiant unique*;Premier prénom*;Deuxième prénom;Troisième prénom;Nom de famille*;Nom d'usage;\
                          Code sexe*;Date de naissance (jj/mm/aaaa)*;Code commune naissance**;Libellé commune naissance**;\
                          Code département naissance*;Code pays naissance*;Statut*;Code MEF*;Division*";

/// The demo's agricultural lycée.
pub fn lycee() -> &'static FictitiousSchool {
    schools::agricultural().unwrap()
}

/// The head of the lycée, in their space: invited from the demo's front page.
pub async fn head(demo: &Demo) -> Head {
    let browser = demo.browser();
    let front = browser.get("/demo").await;
    browser
        .press(&front, "Envoyer l’invitation de ce lycée", &[])
        .await
        .must_say(&lycee().mail());
    let link = link_of(&last_mail_to(demo, &lycee().mail()).await);
    Head::follows(demo.browser(), &link, &lycee().mail()).await
}

/// An export of the lycée: its header, then a row for each pupil.
#[derive(Clone)]
pub struct Export(String);

impl Default for Export {
    fn default() -> Self {
        Self(format!("{HEADER}\n"))
    }
}

impl Export {
    /// One more row, as it is.
    #[must_use]
    pub fn with_row(mut self, row: &str) -> Self {
        self.0.push_str(row);
        self.0.push('\n');
        self
    }

    /// One more pupil: their number, first and last name, and class.
    #[must_use]
    pub fn with(self, number: &str, first: &str, last: &str, division: &str) -> Self {
        self.with_row(&format!(
            "{number};{first};;;{last};;F;04/03/2011;05061;GAP;005;100;ST;23120002210;{division}"
        ))
    }

    /// The same with these words in place of those.
    #[must_use]
    pub fn replacing(self, from: &str, to: &str) -> Self {
        assert!(self.0.contains(from), "{from}");
        Self(self.0.replace(from, to))
    }

    /// The file, in UTF-8.
    pub fn bytes(&self) -> Vec<u8> {
        self.0.clone().into_bytes()
    }
}
