//! Addresses and forms that nobody's browser writes by itself: each gets a page of ours, and never a fault.
#![expect(clippy::unwrap_used, reason = "a journey that fails says so at once")]

use std::fs;
use std::path::Path;

use journeys::page::Form;
use journeys::people::Head;
use journeys::pupils::{enter, somebody};
use journeys::{Browser, Demo, Page};

/// What may stand for a parameter of a route.
const SEGMENTS: [&str; 9] = [
    "%ff",
    "%00",
    "%0a%0dSet-Cookie:a",
    "%E2%80%AE",
    "..%2f..%2f",
    "%25",
    "'\"<b>",
    "x",
    "01922222-8c5e-7b7a-9d6c-1f2e3d4c5b6a",
];
/// What may follow `?`.
const QUERIES: [&str; 9] = [
    "%",
    "%ff=%ff",
    "recherche=%00",
    "page=-1",
    "page=99999999999999999999",
    "page=1&page=2",
    "next=%0a&next=%0d",
    "etat=%F0%9F%98%80&tri=x&sens=x&classe=%00",
    "=&&;==",
];
/// Addresses that no person reads.
const FOR_PROGRAMS: [&str; 5] = [
    "/static/",
    "/healthz",
    "/readyz",
    "/metrics",
    "/gar/metadata",
];
/// Longer than any parameter, shorter than what servers of HTTP refuse.
const LONG: usize = 3_000;

/// Every route of the pages, as the sources declare them.
fn routes() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/web/src");
    let mut sources = Vec::new();
    read(&folder, &mut sources);
    let mut routes: Vec<String> = sources
        .iter()
        .flat_map(|source| source.split(".route(").skip(1))
        .chain(
            sources
                .iter()
                .flat_map(|source| source.split("_PATH: &str =").skip(1)),
        )
        .filter_map(|after| {
            let quoted = after.trim_start().strip_prefix('"')?;
            Some(quoted.split_once('"')?.0.to_owned())
        })
        .collect();
    routes.sort();
    routes.dedup();
    assert!(routes.len() > 50, "{routes:?}");
    routes
}

fn read(folder: &Path, sources: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read(&path, sources);
        } else {
            sources.push(fs::read_to_string(path).unwrap());
        }
    }
}

/// The route with `school` for its first school, and `segment` for each other parameter.
fn address(route: &str, school: &str, segment: &str) -> String {
    let parts = route.split('/').map(|part| match part {
        "{organization}" => school,
        part if part.starts_with('{') => segment,
        part => part,
    });
    parts.collect::<Vec<_>>().join("/")
}

/// An answer that a person can read: no fault, and no bare text of a framework.
fn is_ours(page: &Page, asked: &str) {
    assert!(page.status < 500, "{asked}: {}\n{}", page.status, page.html);
    let kind = page.headers.iter().find(|(name, _)| name == "content-type");
    let kind = kind.map_or("", |(_, kind)| kind.as_str());
    let for_programs = FOR_PROGRAMS.iter().any(|path| asked.starts_with(path));
    if page.status >= 400 && !for_programs {
        assert!(
            kind.starts_with("text/html"),
            "{asked}: {kind} {}",
            page.html
        );
        assert!(page.html.contains("lang=\"fr\""), "{asked}: {}", page.html);
    }
}

async fn tries(browser: &Browser, school: &str) {
    let long = "a".repeat(LONG);
    for route in routes() {
        for segment in SEGMENTS.into_iter().chain([long.as_str()]) {
            let mut asked = vec![address(&route, school, segment)];
            if route.contains("{organization}") {
                asked.push(address(&route, segment, segment));
            }
            for asked in asked {
                is_ours(&browser.get(&asked).await, &asked);
            }
            if !route.contains('{') {
                break;
            }
        }
        for query in QUERIES.into_iter().chain([long.as_str()]) {
            let asked = format!("{}?{query}", address(&route, school, "x"));
            is_ours(&browser.get(&asked).await, &asked);
        }
    }
}

#[tokio::test]
async fn every_address_written_wrong_gets_a_page_of_ours() {
    let demo = Demo::start().await;
    let head = Head::arrives(&demo).await;
    let school = head.space.trim_start_matches("/espace/").to_owned();
    tries(&demo.browser(), &school).await;
    tries(&head.browser, &school).await;
    let pupil = demo.browser();
    enter(&pupil, &somebody(&demo, "Élève de la liste", 0).await).await;
    tries(&pupil, &school).await;
}

#[tokio::test]
async fn every_form_sent_wrong_gets_a_page_of_ours() {
    let demo = Demo::start().await;
    let head = Head::arrives(&demo).await;
    let school = head.space.trim_start_matches("/espace/").to_owned();
    let token = head.home.attributes("input[name=csrf]", "value").remove(0);
    let away = ["/deconnexion", "/gar/acs", "/parcours/{code}/pas-moi"];
    for route in routes() {
        if away.contains(&route.as_str()) {
            continue;
        }
        for segment in ["%ff", "%00", "x"] {
            let action = address(&route, &school, segment);
            for (name, value) in [
                ("csrf", ""),
                ("email", "\0"),
                ("role", "\u{fffd}"),
                ("page", "x"),
            ] {
                let mut fields = vec![(name.to_owned(), value.to_owned())];
                if name != "csrf" {
                    fields.push(("csrf".to_owned(), token.clone()));
                }
                let form = Form {
                    action: action.clone(),
                    method: "post".to_owned(),
                    multipart: false,
                    fields,
                    names: Vec::new(),
                };
                let asked = format!("{action} {name}");
                is_ours(&head.browser.send(form).await, &asked);
            }
        }
    }
}

#[tokio::test]
async fn one_is_led_on_to_paths_of_this_site_alone() {
    let demo = Demo::start().await;
    let head = Head::arrives(&demo).await;
    head.browser.press(&head.home, "Se déconnecter", &[]).await;
    let email = pix_orga_demo::schools::all()[0].mail();
    for next in ["//evil.invalid", "/a%0d%0aSet-Cookie:%20b", "/a%7f", "x"] {
        let browser = demo.browser();
        let door = browser.get(&format!("/connexion?next={next}")).await;
        door.must_be(200);
        let fields = [
            ("email", email.as_str()),
            ("password", journeys::people::PASSWORD),
        ];
        let home = browser.press(&door, "Se connecter", &fields).await;
        assert_eq!(
            (home.status, home.path.as_str()),
            (200, head.space.as_str()),
            "{next}"
        );
    }
}

#[tokio::test]
async fn an_unknown_role_is_refused_and_gives_none() {
    let demo = Demo::start().await;
    let head = Head::arrives(&demo).await;
    let invite = head.at("/equipe/inviter").await;
    let action = format!("{}/equipe/inviter", head.space);
    for role in ["superadmin", "", "Administrator"] {
        let fields = [("addresses", "collegue@college.invalid"), ("role", role)];
        let refused = head.browser.post(&invite, &action, &fields).await;
        refused.must_be(422).must_refuse("role_unknown");
        assert_eq!(refused.texts("fieldset.has-error").len(), 1, "{role}");
    }
    head.at("/equipe")
        .await
        .must_not_say("collegue@college.invalid");
    let team = head.at("/equipe").await;
    let somebody = "01922222-8c5e-7b7a-9d6c-1f2e3d4c5b6a";
    let change = format!("{}/equipe/membres/{somebody}/role", head.space);
    for fields in [&[("role", "superadmin")][..], &[]] {
        let refused = head.browser.post(&team, &change, fields).await;
        refused.must_be(422).must_refuse("role_unknown");
    }
}

#[tokio::test]
async fn a_school_sends_so_many_invitations_a_day() {
    let demo = Demo::start().await;
    let head = Head::arrives(&demo).await;
    let many = |from: u32, to: u32| {
        let addresses = (from..to).map(|number| format!("personne{number}@college.invalid"));
        addresses.collect::<Vec<_>>().join("\n")
    };
    head.invite(&many(0, 200), "member").await.must_be(200);
    let mixed = head.invite(&many(200, 301), "member").await;
    mixed.must_be(200).must_refuse("too_many_invitations");
    let refused = mixed.texts("tbody tr");
    let refused = refused.iter().filter(|row| row.contains("300 invitations"));
    assert_eq!(refused.count(), 1);
}
