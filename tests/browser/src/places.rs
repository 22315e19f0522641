//! A school that has lived a little, and every page there is to see in it.

use journeys::people::{PASSWORD, last_mail_to, link_of, school_link};
use journeys::pupils::{School, enter, school, somebody, type_date};
use journeys::{Browser, Demo};

use crate::tab::Tab;

/// A page, by its name and its address.
#[derive(Debug, Clone)]
pub struct Place {
    /// A name that a file may bear.
    pub name: &'static str,
    /// From the host on.
    pub path: String,
}

/// A school with its list, a parcours, pupils who are linked (one of whom left since), two who ask (one is linked by
/// another account), and a colleague who is invited.
pub struct Lived {
    /// The product.
    pub demo: Demo,
    /// The school.
    pub school: School,
    /// The demo's school as its first message found it.
    first_link: String,
    team_link: String,
}

/// The head's address: it needs no proof, since it is the one that was invited.
pub fn head_address() -> String {
    pix_orga_demo::schools::all()[0].mail()
}

impl Lived {
    /// Lives it, over HTTP.
    pub async fn new() -> Self {
        let demo = Demo::start().await;
        let first_link = school_link(&demo).await;
        let school = school(&demo).await;
        for rank in 0..3 {
            let who = somebody(&demo, "Élève de la liste", rank).await;
            let (browser, page) = at_identity(&demo, &school.code, &who).await;
            let date = who.born.clone().unwrap();
            let done = type_date(&browser, &page, &date).await;
            done.must_say("Tu es rattaché à ta classe");
        }
        let left = "UPDATE students SET leaves_on = '2026-01-01' \
                    WHERE linked_at = (SELECT MAX(linked_at) FROM students) AND 1 = ?";
        assert_eq!(demo.write(left, 1).await, 1);
        for particularity in ["faute de frappe", "après un changement d’ENT"] {
            asks(&demo, &school.code, particularity).await;
        }
        let colleague = "sacha@college.invalid";
        school.head.invite(colleague, "member").await;
        let team_link = link_of(&last_mail_to(&demo, colleague).await);
        Self {
            demo,
            school,
            first_link,
            team_link,
        }
    }

    /// What anybody may open.
    pub async fn public(&self) -> Vec<Place> {
        let mails = self.demo.browser().get("/demo/boite-aux-lettres").await;
        let mail = mails.attributes("tbody tr th a", "href").remove(0);
        places(&[
            ("demo", "/demo"),
            ("boite-aux-lettres", "/demo/boite-aux-lettres"),
            ("message", &mail),
            ("mediacentre", "/demo/mediacentre"),
            ("connexion", "/connexion"),
            ("mot-de-passe-oublie", "/mot-de-passe-oublie"),
            ("rien-recu", "/je-n-ai-rien-recu"),
            ("invitation", &self.team_link),
            ("invitation-servie", &self.first_link),
            ("conditions", "/conditions"),
            ("accessibilite", "/accessibilite"),
            ("donnees-personnelles", "/donnees-personnelles"),
            ("parcours-porte", "/parcours"),
            ("parcours-au-revoir", "/parcours/au-revoir"),
            ("introuvable", "/nulle-part"),
        ])
    }

    /// What the head sees in their space.
    pub async fn space(&self) -> Vec<Place> {
        let head = &self.school.head;
        let of = async |path: &str, css: &str| {
            let page = head.at(path).await;
            page.attributes(css, "href").remove(0)
        };
        let never_came = of("/eleves", ".page-head p a").await;
        let student = of("/eleves", "tbody th a").await;
        let request = of("/eleves/demandes", "main a[href*='/demandes/']").await;
        let report = of("/eleves/imports", "tbody a").await;
        let campaign = of("/parcours", "tbody th a").await;
        let at = |path: &str| format!("{}{path}", head.space);
        places(&[
            ("accueil", &at("")),
            ("eleves", &at("/eleves")),
            ("eleves-jamais-venus", &never_came),
            ("eleve", &student),
            ("importer", &at("/eleves/importer")),
            ("imports", &at("/eleves/imports")),
            ("rapport", &report),
            ("note", &at("/eleves/note")),
            ("demandes", &at("/eleves/demandes")),
            ("demandes-ensemble", &at("/eleves/demandes/ensemble")),
            ("demande", &request),
            ("parcours", &at("/parcours")),
            ("parcours-nouveau", &at("/parcours/nouveau")),
            ("parcours-un", &campaign),
            (
                "parcours-un-presents",
                &format!("{campaign}?partis=masques"),
            ),
            ("equipe", &at("/equipe")),
            ("inviter", &at("/equipe/inviter")),
            ("journal", &at("/equipe/journal")),
            ("effacer", &format!("{student}/effacer")),
            ("documentation", &at("/documentation")),
            ("compte", "/compte"),
        ])
    }

    /// Signs the head in, in a tab.
    pub async fn sign_in(&self, tab: &Tab) {
        tab.open(&format!("{}/connexion", self.demo.address()))
            .await;
        tab.fill("Adresse e-mail", &head_address()).await;
        tab.fill("Mot de passe", PASSWORD).await;
        tab.follow("Se connecter").await;
    }

    /// The address of a place.
    pub fn url(&self, place: &Place) -> String {
        if place.path.starts_with("http://") {
            return place.path.clone();
        }
        format!("{}{}", self.demo.address(), place.path)
    }
}

/// Somebody types their date, is not found, and asks the teacher.
async fn asks(demo: &Demo, code: &str, particularity: &str) {
    let who = somebody(demo, particularity, 0).await;
    let (browser, page) = at_identity(demo, code, &who).await;
    let date = who.born.clone().unwrap();
    let neutral = type_date(&browser, &page, &date).await;
    let asked = browser.press(&neutral, "Demander à mon enseignant", &[]);
    asked.await.must_say("Ton enseignant est prévenu");
}

async fn at_identity(
    demo: &Demo,
    code: &str,
    who: &journeys::pupils::Somebody,
) -> (Browser, journeys::Page) {
    let browser = demo.browser();
    enter(&browser, who).await;
    let page = browser.get(&format!("/parcours/{code}")).await;
    (browser, page)
}

fn places(known: &[(&'static str, &str)]) -> Vec<Place> {
    known
        .iter()
        .map(|(name, path)| Place {
            name,
            path: (*path).to_owned(),
        })
        .collect()
}
