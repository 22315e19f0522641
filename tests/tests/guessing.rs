//! Somebody who tries birth dates: what the answers give away, which is nothing, and what an operator is told.
#![expect(clippy::unwrap_used, reason = "a journey that fails says so at once")]

use journeys::export::{Export, sound};
use journeys::people::Head;
use journeys::pupils::{Somebody, enter, school, somebody, type_date};
use journeys::{Browser, Demo, Page};

const ORDINARY: &str = "Élève de la liste";
const MISSPELT: &str = "faute de frappe";
const CHANGED: &str = "après un changement d’ENT";

/// The fields of a date, in the page's order.
const DATE: [&str; 3] = ["birthdate-day", "birthdate-month", "birthdate-year"];

/// What a try reads and writes.
const TABLES: [&str; 7] = [
    "organizations",
    "campaigns",
    "rosters",
    "students",
    "student_links",
    "linking_requests",
    "pupil_attempts",
];

/// One more student of an export, born when somebody was.
fn with(export: Export, number: u32, names: (&str, &str), born: &[String; 3]) -> Export {
    let (ine, born) = (format!("{number:09}AB"), born.join("/"));
    let mut children = sound(&ine, names.1, names.0);
    for (name, value) in &mut children {
        if *name == "DATE_NAISS" {
            *value = &born;
        }
    }
    export.with(&number.to_string(), "99X", &children)
}

/// First name and last name.
fn names(who: &Somebody) -> (&str, &str) {
    who.name.split_once(' ').unwrap()
}

fn born(who: &Somebody) -> &[String; 3] {
    who.born.as_ref().unwrap()
}

/// Enters as somebody, as far as the page that asks for the date.
async fn comes(demo: &Demo, code: &str, who: &Somebody) -> (Browser, Page) {
    let browser = demo.browser();
    enter(&browser, who).await;
    let check = browser.get(&format!("/parcours/{code}")).await;
    (browser, check)
}

/// Enters as somebody and types a date.
async fn types(demo: &Demo, code: &str, who: &Somebody, date: &[String; 3]) -> (Browser, Page) {
    let (browser, check) = comes(demo, code, who).await;
    let page = type_date(&browser, &check, date).await;
    (browser, page)
}

/// The statements about schools and pupils in a log, in their order, without what was bound to them; workers say others
/// meanwhile.
fn statements(log: &str) -> Vec<String> {
    let statements = log.split("summary=").skip(1);
    let statements = statements.filter_map(|one| Some(one.split_once(" rows_affected=")?.0));
    statements
        .filter(|one| TABLES.iter().any(|table| one.contains(table)))
        .map(|one| one.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect()
}

/// An answer without what each has of its own: when it was sent, cookies' values, the token of its forms, and the date
/// that it gives back to who typed it.
#[derive(Debug, PartialEq, Eq)]
struct Bare {
    status: u16,
    path: String,
    headers: Vec<(String, String)>,
    html: String,
}

impl Bare {
    fn of(page: &Page, typed: &[String; 3]) -> Self {
        let headers = page.headers.iter().map(|(name, value)| {
            let value = match name.as_str() {
                "date" => "…".to_owned(),
                "set-cookie" => {
                    let (cookie, rest) = value.split_once('=').unwrap();
                    let attributes = rest.split_once(';').map_or("", |(_, rest)| rest);
                    format!("{cookie}=…;{attributes}")
                }
                _ => value.clone(),
            };
            (name.clone(), value)
        });
        let token = page.attributes("input[name=csrf]", "value").remove(0);
        let mut html = page.html.replace(&token, "…");
        for (name, value) in DATE.iter().zip(typed) {
            let start = html.find(&format!("name=\"{name}\"")).unwrap();
            let field = html[start..].split_once('>').unwrap().0.to_owned();
            let empty = field.replace(&format!("value=\"{value}\""), "value=\"…\"");
            assert_ne!(field, empty, "{name} is not given back");
            html = html.replace(&field, &empty);
        }
        Self {
            status: page.status,
            path: page.path.clone(),
            headers: headers.collect(),
            html,
        }
    }
}

/// A campaign of a school with one student for each reason not to be found, and who comes for it.
struct Scene {
    code: String,
    comers: Vec<(&'static str, Somebody)>,
}

async fn scene(demo: &Demo) -> Scene {
    let nth = async |rank| somebody(demo, ORDINARY, rank).await;
    let (linked, doubled, other, gone) = (nth(0).await, nth(1).await, nth(2).await, nth(3).await);
    let misspelt = somebody(demo, MISSPELT, 0).await;
    let (first_name, one_letter_more) = names(&misspelt);
    let mut last_name = one_letter_more.to_owned();
    last_name.pop();

    let list = with(Export::default(), 1, names(&linked), born(&linked));
    let list = with(list, 2, names(&doubled), born(&doubled));
    let list = with(list, 3, names(&doubled), born(&doubled));
    let list = with(list, 4, ("Aglaé", "QUELQUUN"), born(&other));
    let list = with(list, 5, (first_name, &last_name), born(&misspelt));
    let after = |list: &Export| Export {
        exported_on: "09/09/2026",
        pupils: list.pupils.clone(),
        structures: list.structures.clone(),
        ..Export::default()
    };
    let without = after(&list);
    let before = with(list, 6, names(&gone), born(&gone));

    let head = Head::arrives(demo).await;
    let loaded = "La liste des élèves est chargée";
    let first = head.import("un.xml", before.bytes()).await;
    first.must_say(loaded);
    let plan = head.import("deux.xml", without.bytes()).await;
    let leaves = [("leavers", "1")];
    let asked = !plan.attributes("input[name=leavers]", "name").is_empty();
    let done = head
        .browser
        .press(&plan, "Confirmer", &leaves[..usize::from(asked)])
        .await;
    done.must_say(loaded);
    let form = head.at("/parcours/nouveau").await;
    let title = [("title", "Rentrée")];
    let created = head.browser.press(&form, "Créer le parcours", &title).await;
    let code = created.attributes("input#code", "value").remove(0);
    let (_, entered) = types(demo, &code, &linked, born(&linked)).await;
    entered.must_say("Tu es rattaché");
    let comers = vec![
        ("no such date", nth(4).await),
        ("names differ", other),
        ("one letter off", misspelt),
        ("ambiguous", doubled),
        ("linked already", somebody(demo, CHANGED, 0).await),
        ("left", gone),
    ];
    Scene { code, comers }
}

#[tokio::test]
async fn the_database_is_told_the_same_whatever_the_reason() {
    let demo = Demo::start_keeping_its_log("debug").await;
    let Scene { code, comers } = scene(&demo).await;
    let mut told = Vec::new();
    for (reason, who) in &comers {
        let (browser, check) = comes(&demo, &code, who).await;
        let before = demo.log().len();
        let page = type_date(&browser, &check, born(who)).await;
        page.must_say("Nous ne t’avons pas retrouvé");
        told.push((reason, statements(&demo.log()[before..])));
    }
    let (_, first) = &told[0];
    let writes = |one: &&String| one.contains("INSERT INTO");
    assert_eq!(first.iter().filter(writes).count(), 1, "{first:#?}");
    for table in TABLES {
        assert!(first.iter().any(|one| one.contains(table)), "{table}");
    }
    for (reason, statements) in &told {
        assert_eq!(statements, first, "{reason}");
    }
}

#[tokio::test]
async fn the_answer_to_a_birth_date_is_the_same_to_the_byte_whatever_the_reason() {
    let demo = Demo::start().await;
    let Scene { code, comers } = scene(&demo).await;
    let mut answers = Vec::new();
    for (reason, who) in &comers {
        let (_, page) = types(&demo, &code, who, born(who)).await;
        page.must_be(200).must_say("Nous ne t’avons pas retrouvé");
        answers.push((reason, Bare::of(&page, born(who))));
    }
    let (_, first) = &answers[0];
    for (reason, answer) in &answers {
        assert_eq!(answer, first, "{reason}");
    }
}

/// The same day, a year before: nobody's of that name.
fn wrong([day, month, year]: &[String; 3]) -> [String; 3] {
    let year: u16 = year.parse().unwrap();
    [day.clone(), month.clone(), (year - 1).to_string()]
}

async fn alarms(demo: &Demo) -> String {
    let figures = demo.browser().get("/metrics").await.html;
    let name = "pix_orga_birthdates_guessed_total ";
    let line = figures.lines().find_map(|line| line.strip_prefix(name));
    line.unwrap().to_owned()
}

#[tokio::test]
async fn a_school_that_is_guessed_at_is_told_once_to_who_operates() {
    let demo = Demo::start_keeping_its_log("warn").await;
    let code = school(&demo).await.code;
    let who = somebody(&demo, ORDINARY, 0).await;
    let miss = async |page: &Page| page.must_say("Nous ne t’avons pas retrouvé").status;
    let (_, page) = types(&demo, &code, &who, &wrong(born(&who))).await;
    miss(&page).await;
    // As if many more had tried just then.
    let as_many = "INSERT INTO pupil_attempts (pupil_id, rank, organization_id, missed, at) \
                   WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) \
                   SELECT pupil_id, rank + i, organization_id, missed, at FROM pupil_attempts, n";
    assert_eq!(demo.write(as_many, 97).await, 97);

    let other = somebody(&demo, ORDINARY, 1).await;
    let date = wrong(born(&other));
    let (browser, mut page) = types(&demo, &code, &other, &date).await;
    assert_eq!(alarms(&demo).await, "0", "after ninety-nine");
    for after in [100, 101, 102] {
        page = type_date(&browser, &page, &date).await;
        miss(&page).await;
        assert_eq!(alarms(&demo).await, "1", "after {after}");
    }
    let id = "SELECT lower(hex(id)) FROM organizations WHERE uai = '0059900J'";
    let in_server = "SELECT replace(id::text, '-', '') FROM organizations WHERE uai = '0059900J'";
    let ids = demo.database().open().await.rows(id, in_server).await;
    let log = demo.log();
    let said: Vec<_> = log
        .lines()
        .filter(|line| line.contains("birthdates_guessed"))
        .collect();
    assert_eq!(said.len(), 1, "{log}");
    assert!(said[0].replace('-', "").contains(&ids[0]), "{said:?}");
    for personal in [names(&other).1, &date.join("-"), &code, &other.id] {
        assert!(!log.contains(personal), "{personal}: {log}");
    }
}
