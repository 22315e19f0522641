//! Schools that are ready for pupils, and pupils who enter by the médiacentre.

use crate::browser::Browser;
use crate::demo::Demo;
use crate::page::{Page, readable};
use crate::people::Head;

/// Where the demo shows its médiacentre.
pub const MEDIACENTRE: &str = "/demo/mediacentre";

/// Where a pupil is welcomed the first time.
const WELCOME: &str = "/parcours/bonjour";

/// A head of school with the first list and one campaign.
pub struct School {
    /// The head, in their space.
    pub head: Head,
    /// The campaign's code.
    pub code: String,
}

/// The first two steps, the first list, and one campaign.
pub async fn school(demo: &Demo) -> School {
    let head = Head::arrives(demo).await;
    let export = head.browser.download("/demo/fichiers/premier").await;
    let list = head.import("export.zip", export).await;
    list.must_say("La liste des élèves est chargée");
    let form = head.at("/parcours/nouveau").await;
    let created = head
        .browser
        .press(&form, "Créer le parcours", &[("title", "Rentrée")])
        .await;
    let code = created.attributes("input#code", "value").remove(0);
    School { head, code }
}

/// Somebody of the médiacentre, by what the page says of them: the n-th, and the date to type.
pub struct Somebody {
    /// What the page's form sends.
    pub id: String,
    /// First name, then last name.
    pub name: String,
    /// Day, month and year of birth, as the page says them.
    pub born: Option<[String; 3]>,
}

/// Somebody of the médiacentre, by what the page says of them.
pub async fn somebody(demo: &Demo, particularity: &str, rank: usize) -> Somebody {
    let page = demo.browser().get(MEDIACENTRE).await;
    let notes = page.texts("tbody td:nth-of-type(2)");
    let ids = page.attributes("tbody input[name=person]", "value");
    let names = page.texts("tbody th");
    assert_eq!((notes.len(), names.len()), (ids.len(), ids.len()));
    let mut such = notes
        .iter()
        .zip(ids.into_iter().zip(names))
        .filter(|(note, _)| note.contains(&readable(particularity)));
    let (note, (id, name)) = such
        .nth(rank)
        .unwrap_or_else(|| panic!("nobody is « {particularity} »"));
    let born = note.split("Naissance : ").nth(1).map(|rest| {
        let date: Vec<_> = rest[..10].split('/').map(str::to_owned).collect();
        date.try_into().expect("a date has three parts")
    });
    Somebody { id, name, born }
}

/// Enters as somebody, in this browser; the first time, goes on from the page of welcome.
pub async fn enter(browser: &Browser, who: &Somebody) -> Page {
    let arrived = arrive(browser, who).await;
    if arrived.path != WELCOME {
        return arrived;
    }
    for go_on in ["Continuer", "Taper mon code"] {
        if arrived.says(go_on) {
            return browser.follow(&arrived, go_on).await;
        }
    }
    panic!("the welcome leads nowhere");
}

/// Enters as somebody, in this browser, and stops on the page they arrive on.
pub async fn arrive(browser: &Browser, who: &Somebody) -> Page {
    let signed = choose(browser, who).await;
    browser.press(&signed, "Continuer", &[]).await
}

/// Chooses somebody at the médiacentre, as far as the page that carries its signed answer.
pub async fn choose(browser: &Browser, who: &Somebody) -> Page {
    let page = browser.get(MEDIACENTRE).await;
    let mut form = page.form("Ouvrir Pix").expect("nobody to enter as");
    form.fields.retain(|(name, _)| name != "person");
    form.fields.push(("person".to_owned(), who.id.clone()));
    browser.send(form).await
}

/// Types a date of birth, the first time or again.
pub async fn type_date(browser: &Browser, page: &Page, date: &[String; 3]) -> Page {
    let button = if page.says("C’est bien toi ?") {
        "Oui, c’est moi"
    } else {
        "Essayer encore"
    };
    let [day, month, year] = date;
    let typed = [
        ("birthdate-day", &**day),
        ("birthdate-month", &**month),
        ("birthdate-year", &**year),
    ];
    browser.press(page, button, &typed).await
}
