//! Pictures of the product, to look at: `cargo xtask pictures [FOLDER]`.
//!
//! Without a folder, the README's own: the list of pupils, with a few of them linked. With one, every page at three widths.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a tool of ours: what fails must say so at once, and it says what it wrote"
)]

use std::path::{Path, PathBuf};

use browser::mediacentre::{choose, come_as, come_with_a_spoilt_answer};
use browser::places::Lived;
use browser::{Chromium, Scripts, Tab};
use journeys::fregata;
use journeys::people::PASSWORD;
use pix_orga_demo::fregata::CSV_NAME;

/// The README's picture, from the workspace's folder.
const README: &str = "docs/images/eleves.png";
/// A computer, a telephone, and the narrowest window the product answers for.
const WIDTHS: [u32; 3] = [1280, 390, 320];

/// What the médiacentre says of pupils who are linked by their date of birth, and the first who has not come.
const PUPIL: &str = "Élève de la liste";
const NEW_PUPIL: usize = 3;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let lived = Lived::new().await;
    let chromium = Chromium::start().await;
    let head = chromium.person().await;
    let tab = head.tab(WIDTHS[0], Scripts::Off).await;
    match std::env::args_os().nth(1) {
        Some(folder) => {
            let folder = PathBuf::from(folder);
            every_page(&lived, &tab, &folder).await;
            classes(&lived, &tab, &folder).await;
            moves_at_once(&lived, &tab, &folder).await;
            let pupil = chromium.person().await;
            let tab = pupil.tab(WIDTHS[0], Scripts::Off).await;
            a_pupil_s_pages(&lived, &tab, &folder).await;
            let head = chromium.person().await;
            let tab = head.tab(WIDTHS[0], Scripts::Off).await;
            a_lycee_s_pages(&lived, &tab, &folder).await;
        }
        None => list_of_pupils(&lived, &tab).await,
    }
}

async fn list_of_pupils(lived: &Lived, tab: &Tab) {
    lived.sign_in(tab).await;
    let list = format!("{}/eleves", lived.school.head.space);
    tab.open(&format!("{}{list}", lived.demo.address())).await;
    tab.follow("Connexion").await;
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    write(&workspace.join(README), &tab.picture(false).await);
}

async fn every_page(lived: &Lived, tab: &Tab, folder: &Path) {
    std::fs::create_dir_all(folder).unwrap();
    let mut places = lived.public().await;
    for signed_in in [false, true] {
        if signed_in {
            lived.sign_in(tab).await;
            places = lived.space().await;
        }
        for place in &places {
            for width in WIDTHS {
                tab.resize(width).await;
                tab.open(&lived.url(place)).await;
                let file = folder.join(format!("{}-{width}.png", place.name));
                write(&file, &tab.picture(true).await);
            }
        }
    }
}

/// The list of pupils, its classes unfolded.
async fn classes(lived: &Lived, tab: &Tab, folder: &Path) {
    let list = format!("{}{}/eleves", lived.demo.address(), lived.school.head.space);
    tab.open(&format!("{list}?recherche=ma")).await;
    tab.press("Classe par classe").await;
    for width in WIDTHS {
        tab.resize(width).await;
        let file = folder.join(format!("eleves-classes-{width}.png"));
        write(&file, &tab.picture(true).await);
    }
}

/// Links moved together: what is asked once more, and what was done.
async fn moves_at_once(lived: &Lived, tab: &Tab, folder: &Path) {
    let space = &lived.school.head.space;
    let moves = format!("{space}/eleves/demandes/ensemble?cocher=tout");
    tab.open(&format!("{}{moves}", lived.demo.address())).await;
    for (button, name) in [
        ("Vérifier mon choix", "demandes-ensemble-figures"),
        ("Confirmer", "demandes-ensemble-fait"),
    ] {
        tab.follow(button).await;
        for width in WIDTHS {
            tab.resize(width).await;
            let file = folder.join(format!("{name}-{width}.png"));
            write(&file, &tab.picture(true).await);
        }
    }
}

/// What one meets by the médiacentre: pages that answer a form, which no address gives.
async fn a_pupil_s_pages(lived: &Lived, tab: &Tab, folder: &Path) {
    let address = lived.demo.address();
    let look = async |name: &str| {
        for width in WIDTHS {
            tab.resize(width).await;
            let file = folder.join(format!("{name}-{width}.png"));
            write(&file, &tab.picture(true).await);
        }
    };
    choose(tab, address, PUPIL, NEW_PUPIL).await;
    look("mediacentre-ouvre").await;
    tab.follow("Continuer").await;
    look("parcours-bonjour").await;
    tab.follow("Taper mon code").await;
    tab.fill("Le code de ton parcours", &lived.school.code)
        .await;
    tab.follow("Commencer").await;
    look("parcours-identite").await;
    tab.open(&format!("{address}/demo/mediacentre")).await;
    look("mediacentre-present").await;
    for (particularity, name) in [
        ("une enseignante", "pas-un-eleve"),
        ("un parent", "pas-un-eleve-parent"),
    ] {
        come_as(tab, address, particularity, 0).await;
        look(name).await;
    }
    come_with_a_spoilt_answer(tab, address, PUPIL, NEW_PUPIL).await;
    look("connexion-refusee").await;
}

/// What the head of an agricultural lycée reads, from the empty list to the second import.
async fn a_lycee_s_pages(lived: &Lived, tab: &Tab, folder: &Path) {
    let head = fregata::head(&lived.demo).await;
    let at = |path: &str| format!("{}{path}", lived.demo.address());
    let look = async |name: &str| {
        for width in WIDTHS {
            tab.resize(width).await;
            let file = folder.join(format!("lycee-{name}-{width}.png"));
            write(&file, &tab.picture(true).await);
        }
    };
    tab.open(&at("/connexion")).await;
    tab.fill("Adresse e-mail", &fregata::lycee().mail()).await;
    tab.fill("Mot de passe", PASSWORD).await;
    tab.follow("Se connecter").await;
    for (name, path) in [
        ("accueil", ""),
        ("eleves", "/eleves"),
        ("note", "/eleves/note"),
        ("documentation", "/documentation"),
    ] {
        tab.open(&at(&format!("{}{path}", head.space))).await;
        look(name).await;
    }
    let sent = tempfile::tempdir().unwrap();
    for (name, file, confirmed) in [
        ("mauvais-fichier", "premier", false),
        ("premier", "fregata-premier", true),
        ("suivant", "fregata-suivant", true),
    ] {
        let address = format!("/demo/fichiers/{file}");
        let path = sent.path().join(CSV_NAME);
        std::fs::write(&path, head.browser.download(&address).await).unwrap();
        tab.open(&at(&format!("{}/eleves/importer", head.space)))
            .await;
        tab.choose_file("Le fichier exporté de Fregata", &path)
            .await;
        tab.follow("Importer").await;
        look(name).await;
        if confirmed {
            tab.follow("Confirmer").await;
        }
    }
    tab.open(&at(&format!("{}/eleves/imports", head.space)))
        .await;
    look("imports").await;
    tab.follow("2026").await;
    look("rapport").await;
}

fn write(file: &Path, picture: &[u8]) {
    std::fs::write(file, picture).unwrap();
    println!("{}", file.display());
}
