//! Pupils' sign-in as browsers live it, through the whole site in this process: its real pages, a real database, and
//! answers really signed. Over https, a form that another site posts comes without the session's cookie.

mod browser;

use std::net::SocketAddr;

use axum::Router;
use axum::http::StatusCode;
use pix_orga_domain::campaign::Campaign;
use pix_orga_domain::ids::AccountId;
use pix_orga_domain::organization::Organization;
use pix_orga_domain::session::Subject as SessionSubject;
use pix_orga_domain::session::{Session, use_cases::Sessions};
use pix_orga_domain::token::RawToken;
use pix_orga_idp::Subject;
use pix_orga_store_sqlite::SqliteStore;
use pix_orga_testkit::build::Build;
use pix_orga_testkit::stores::Stores;
use pix_orga_web::App;
use pix_orga_web::pupil::{ANSWER_PATH, SIGN_IN_PATH};
use tempfile::TempDir;

use super::*;
use crate::database::{Store, open_store};
use crate::secrets::ServerKey;
use crate::wiring;

use browser::{Browser, Came};

const OVER_HTTPS: &str = "https://orga.example.invalid";
const ON_THIS_MACHINE: &str = "http://127.0.0.1:8080";

/// A whole site.
struct Site {
    router: Router,
    app: Arc<App>,
    federation: Arc<DemoFederation>,
    secure: bool,
    build: Build,
    stores: Stores,
    school: Organization,
    _folder: TempDir,
}

impl Site {
    async fn over_https() -> Self {
        Self::at(OVER_HTTPS).await
    }

    async fn at(public_url: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = format!("sqlite://{}", folder.path().join("orga.db").display());
        let store: Arc<dyn Store> = open_store(&database).await.unwrap();
        let stores = Stores::of(SqliteStore::open(&database).await.unwrap());
        let secure = public_url.starts_with("https://");
        let federation = Arc::new(DemoFederation::new(public_url.to_owned(), store.clone()));
        let address = SocketAddr::from(([127, 0, 0, 1], 8080));
        let key = ServerKey::parse(&"0123456789abcdef".repeat(4))
            .ok()
            .unwrap();
        let mut choices = crate::demo::choices(address, key, Arc::clone(&federation));
        public_url.clone_into(&mut choices.settings.public_url);
        choices.settings.secure = secure;
        let app = wiring::wire(&store, choices).unwrap().app;
        let build = Build::new();
        Self {
            router: pix_orga_web::router(Arc::clone(&app), Router::new()),
            app,
            federation,
            secure,
            school: build.school(&stores).await,
            build,
            stores,
            _folder: folder,
        }
    }

    fn browser(&self) -> Browser {
        Browser::new(&self.router, self.secure)
    }

    fn cookie(&self, name: &str) -> String {
        format!("{}{name}", if self.secure { "__Host-" } else { "" })
    }

    /// The secret of a browser's session.
    fn session(&self, browser: &Browser) -> Option<RawToken> {
        let cookie = browser.cookies.get(&self.cookie("session"))?;
        Some(RawToken::presented(&cookie.value))
    }

    /// Whether a session is still written.
    async fn is_open(&self, session: &RawToken) -> bool {
        let sessions: &Sessions = &self.app.sessions;
        sessions.resume(session).await.unwrap().is_some()
    }

    /// Who is signed in in a browser, by their session.
    async fn who(&self, browser: &Browser) -> Option<Session> {
        let sessions = &self.app.sessions;
        sessions.resume(&self.session(browser)?).await.unwrap()
    }

    /// Signs an adult in.
    async fn adult(&self, browser: &mut Browser) -> RawToken {
        let adult = SessionSubject::Account(AccountId(self.build.id()));
        let session = self.app.sessions.open(adult).await.unwrap();
        let name = self.cookie("session");
        let taken = browser::Taken {
            value: session.expose().to_owned(),
            same_site: "Lax".to_owned(),
        };
        browser.cookies.insert(name, taken);
        session
    }

    /// Leaves, and holds the provider's answer, not posted yet.
    async fn answer(&self, browser: &mut Browser, pupil: &str) -> String {
        let left = browser.get(SIGN_IN_PATH).await;
        self.signed(&left, pupil).await
    }

    /// What the provider answers to a departure.
    async fn signed(&self, left: &Came, pupil: &str) -> String {
        let location = left.location.as_deref().unwrap();
        let (sso, query) = location.split_once('?').unwrap();
        assert!(sso.ends_with(SSO_PATH), "{location}");
        let pair = self.federation.pair().await.unwrap();
        let now = Timestamp::now();
        let request = pair.provider.receive(query, &pair.service, now).unwrap();
        let resource = format!("{}{SIGN_IN_PATH}", self.app.settings.public_url);
        assert_eq!(request.relay_state, resource);
        let one = |name: &str, value: &str| (name.to_owned(), vec![value.to_owned()]);
        let subject = Subject {
            name_id: "_transient".to_owned(),
            attributes: vec![
                one("IDO", pupil),
                one("UAI", &self.school.uai.to_string()),
                one("PRO", "National_elv"),
                one("NOM", "Lefèvre"),
                one("PRE", "Zoé"),
            ],
        };
        pair.provider.respond(&request, subject, now).unwrap()
    }

    /// Signs a pupil in, as a browser does.
    async fn pupil(&self, browser: &mut Browser, pupil: &str) -> RawToken {
        let answer = self.answer(browser, pupil).await;
        let came = browser
            .post_from_elsewhere(ANSWER_PATH, &[("SAMLResponse", &answer)])
            .await;
        assert_eq!(came.status, StatusCode::SEE_OTHER, "{}", came.text);
        self.session(browser).unwrap()
    }

    async fn campaign(&self) -> Campaign {
        let administrator = self.build.administrator(&self.stores, &self.school).await;
        self.build.campaign(&self.stores, &administrator).await
    }
}

/// The attributes of a cookie that was set, sorted, after its name and its value.
fn set_cookie(came: &Came, name: &str) -> Option<(String, Vec<String>)> {
    let start = format!("{name}=");
    let cookie = came.set.iter().find(|cookie| cookie.starts_with(&start))?;
    let mut parts = cookie[start.len()..].split("; ").map(str::to_owned);
    let value = parts.next()?;
    let mut attributes: Vec<_> = parts.collect();
    attributes.sort();
    Some((value, attributes))
}

/// That an answer is refused, and signs nobody in.
fn assert_refused(came: &Came, session: &str) {
    assert_eq!(came.status, StatusCode::FORBIDDEN);
    assert_eq!(came.location, None);
    assert_eq!(set_cookie(came, session), None);
}

#[tokio::test]
async fn a_pupil_replaces_an_adult_and_another_pupil_without_the_session_s_cookie_and_with_it() {
    let site = Site::over_https().await;
    for (adult, all) in [(true, false), (true, true), (false, false), (false, true)] {
        let which = format!("adult: {adult}, every cookie comes: {all}");
        let mut browser = site.browser();
        let former = if adult {
            site.adult(&mut browser).await
        } else {
            site.pupil(&mut browser, "ido-somebody-else").await
        };
        let before = site.who(&browser).await.unwrap().subject;
        let answer = site.answer(&mut browser, "ido-zoe").await;
        assert!(site.is_open(&former).await, "{which}");

        let fields = [("SAMLResponse", answer.as_str())];
        let came = if all {
            browser.post_with_all(ANSWER_PATH, &fields).await
        } else {
            browser.post_from_elsewhere(ANSWER_PATH, &fields).await
        };
        assert_eq!(came.status, StatusCode::SEE_OTHER, "{which}");
        let (value, attributes) = set_cookie(&came, "__Host-session").unwrap();
        assert_eq!(
            attributes,
            ["HttpOnly", "Path=/", "SameSite=Lax", "Secure"],
            "{which}"
        );
        assert_ne!(value, former.expose(), "{which}");
        assert!(!site.is_open(&former).await, "{which}");
        let after = site.who(&browser).await.unwrap().subject;
        assert!(matches!(after, SessionSubject::Pupil(_)), "{which}");
        assert_ne!(after, before, "{which}");
    }
}

#[tokio::test]
async fn the_session_whose_cookie_comes_ends_when_it_is_not_the_one_noted() {
    let site = Site::over_https().await;
    for all in [true, false] {
        let mut browser = site.browser();
        let answer = site.answer(&mut browser, "ido-zoe").await;
        let opened_since = site.adult(&mut browser).await;
        let fields = [("SAMLResponse", answer.as_str())];
        if all {
            browser.post_with_all(ANSWER_PATH, &fields).await;
        } else {
            browser.post_from_elsewhere(ANSWER_PATH, &fields).await;
        }
        // Nothing says whose it is when its cookie stays behind; in this browser it is replaced all the same.
        assert_eq!(site.is_open(&opened_since).await, !all);
        let after = site.who(&browser).await.unwrap().subject;
        assert!(matches!(after, SessionSubject::Pupil(_)), "{all}");
    }
}

#[tokio::test]
async fn the_browser_s_cookie_is_set_at_the_departure_and_comes_with_another_site_s_form() {
    let site = Site::over_https().await;
    let mut browser = site.browser();
    let left = browser.get(SIGN_IN_PATH).await;
    assert_eq!(left.status, StatusCode::SEE_OTHER);
    let (secret, attributes) = set_cookie(&left, "__Host-gar").unwrap();
    assert_eq!(secret.len(), 64);
    let expected = [
        "HttpOnly",
        "Max-Age=600",
        "Path=/",
        "SameSite=None",
        "Secure",
    ];
    assert_eq!(attributes, expected);

    // A second tab leaves with the same secret, and both answers come back.
    let first = site.signed(&left, "ido-zoe").await;
    let again = browser.get(SIGN_IN_PATH).await;
    assert_eq!(set_cookie(&again, "__Host-gar").unwrap().0, secret);
    let second = site.signed(&again, "ido-zoe").await;
    let visitor = browser.cookies["__Host-visitor"].clone();
    for answer in [first, second] {
        let came = browser
            .post_from_elsewhere(ANSWER_PATH, &[("SAMLResponse", &answer)])
            .await;
        assert_eq!(came.status, StatusCode::SEE_OTHER, "{}", came.text);
        assert_eq!(browser.cookies["__Host-gar"].value, secret);
        // The pages open beside keep the cookie that their forms are checked by: it did not come, and stays.
        assert_eq!(set_cookie(&came, "__Host-visitor"), None);
    }
    assert_eq!(browser.cookies["__Host-visitor"], visitor);
}

#[tokio::test]
async fn over_http_on_this_machine_cookies_have_no_prefix_and_come_with_links_alone() {
    let site = Site::at(ON_THIS_MACHINE).await;
    let mut browser = site.browser();
    let left = browser.get(SIGN_IN_PATH).await;
    let (_, attributes) = set_cookie(&left, "gar").unwrap();
    assert_eq!(
        attributes,
        ["HttpOnly", "Max-Age=600", "Path=/", "SameSite=Lax"]
    );
    let answer = site.signed(&left, "ido-zoe").await;
    let fields = [("SAMLResponse", answer.as_str())];
    let without = browser.post_from_elsewhere(ANSWER_PATH, &fields).await;
    assert_refused(&without, "session");
    // Two ports of one machine are one site: there, the cookie comes.
    let came = browser.post_with_all(ANSWER_PATH, &fields).await;
    let (_, attributes) = set_cookie(&came, "session").unwrap();
    assert_eq!(attributes, ["HttpOnly", "Path=/", "SameSite=Lax"]);
    assert!(site.who(&browser).await.is_some());
}

#[tokio::test]
async fn who_began_by_a_campaign_s_link_is_found_back_at_it() {
    let site = Site::over_https().await;
    let campaign = site.campaign().await;
    let link = format!("/parcours/{}", campaign.code);
    for welcomed in [true, false] {
        let mut browser = site.browser();
        let sent = browser.get(&link).await;
        assert_eq!(sent.location.as_deref(), Some(SIGN_IN_PATH));
        let (_, attributes) = set_cookie(&sent, "__Host-parcours").unwrap();
        let expected = [
            "HttpOnly",
            "Max-Age=600",
            "Path=/",
            "SameSite=Lax",
            "Secure",
        ];
        assert_eq!(attributes, expected);
        let answer = site.answer(&mut browser, "ido-zoe").await;
        let came = browser
            .post_from_elsewhere(ANSWER_PATH, &[("SAMLResponse", &answer)])
            .await;
        if welcomed {
            assert_eq!(came.location.as_deref(), Some("/parcours/bonjour"));
            let hello = browser.get("/parcours/bonjour").await;
            assert_eq!(hello.status, StatusCode::OK);
        } else {
            assert_eq!(came.location.as_deref(), Some("/parcours"));
        }
        let there = browser.follow("/parcours").await;
        assert_eq!(browser.sent_to.last(), Some(&link));
        assert_eq!(there.status, StatusCode::OK);
        assert!(there.text.contains("Zoé"), "{}", there.text);
        // Once found back it is forgotten: the next one to come is not led there.
        assert!(!browser.cookies.contains_key("__Host-parcours"));
    }
}

#[tokio::test]
async fn an_answer_brought_by_another_browser_signs_nobody_in() {
    let site = Site::over_https().await;
    let mut browser = site.browser();
    let answer = site.answer(&mut browser, "ido-zoe").await;
    let fields = [("SAMLResponse", answer.as_str())];

    let mut without_cookie = site.browser();
    let mut with_its_own = site.browser();
    with_its_own.get(SIGN_IN_PATH).await;
    let mut adult_s = site.browser();
    let adult = site.adult(&mut adult_s).await;
    adult_s.get(SIGN_IN_PATH).await;
    for other in [&mut without_cookie, &mut with_its_own, &mut adult_s] {
        refused_in_the_end(&site, other, &fields).await;
        assert!(!other.sent_to.iter().any(|to| to.contains(&answer[..40])));
    }
    // What was refused ended nobody's session, and used nothing up.
    assert!(site.is_open(&adult).await);
    let came = browser.post_from_elsewhere(ANSWER_PATH, &fields).await;
    assert_eq!(came.status, StatusCode::SEE_OTHER, "{}", came.text);
}

#[tokio::test]
async fn an_answer_serves_once_in_the_browser_that_left() {
    let site = Site::over_https().await;
    let mut browser = site.browser();
    let answer = site.answer(&mut browser, "ido-zoe").await;
    let fields = [("SAMLResponse", answer.as_str())];
    let first = browser.post_from_elsewhere(ANSWER_PATH, &fields).await;
    assert_eq!(first.status, StatusCode::SEE_OTHER);
    let session = site.session(&browser).unwrap();

    // « Retour » while the pupil is in: the same session goes on, whether its cookie comes with the form or not.
    for all in [false, true] {
        let again = if all {
            browser.post_with_all(ANSWER_PATH, &fields).await
        } else {
            browser.post_from_elsewhere(ANSWER_PATH, &fields).await
        };
        assert_eq!(again.status, StatusCode::SEE_OTHER, "{all}");
        assert_eq!(set_cookie(&again, "__Host-session"), None, "{all}");
        let there = browser.follow(&again.location.unwrap()).await;
        assert!(there.text.contains("Mes parcours"), "{}", there.text);
        assert_eq!(browser.sent_to.last().unwrap(), "/parcours/mes-parcours");
        assert!(!browser.cookies.contains_key("__Host-retour"), "{all}");
        assert_eq!(site.session(&browser).unwrap().expose(), session.expose());
        assert!(site.is_open(&session).await, "{all}");
    }

    // Somebody else is in, in that browser: nobody is led on as the first one, and they stay in.
    let other = site.pupil(&mut browser, "ido-somebody-else").await;
    refused_in_the_end(&site, &mut browser, &fields).await;
    assert!(site.is_open(&other).await);
    let adult = site.adult(&mut browser).await;
    refused_in_the_end(&site, &mut browser, &fields).await;
    assert!(site.is_open(&adult).await);

    // After signing out, on a shared computer, it signs nobody in.
    site.app.sessions.close(&adult).await.unwrap();
    browser.cookies.remove("__Host-session");
    refused_in_the_end(&site, &mut browser, &fields).await;

    // Nor in another browser, were it the pupil's who signed in there with another answer and signed out.
    let mut thief = site.browser();
    refused_in_the_end(&site, &mut thief, &fields).await;
    let own = site.pupil(&mut thief, "ido-zoe").await;
    site.app.sessions.close(&own).await.unwrap();
    refused_in_the_end(&site, &mut thief, &fields).await;
}

/// That an answer that served is refused, with the session's cookie or without it, and signs nobody in.
async fn refused_in_the_end(site: &Site, browser: &mut Browser, fields: &[(&str, &str)]) {
    let before = site.who(browser).await.map(|session| session.subject);
    for all in [false, true] {
        let mut came = if all {
            browser.post_with_all(ANSWER_PATH, fields).await
        } else {
            browser.post_from_elsewhere(ANSWER_PATH, fields).await
        };
        assert_eq!(set_cookie(&came, "__Host-session"), None);
        if let Some(next) = came.location.take() {
            // Its cookie may have stayed behind: it is asked for, by an address that says nothing.
            assert_eq!(next, "/gar/retour");
            came = browser.get(&next).await;
        }
        assert_refused(&came, "__Host-session");
        assert!(came.text.contains("Ton entrée n’a pas marché"));
        assert!(!came.text.contains("Zoé"));
        let after = site.who(browser).await.map(|session| session.subject);
        assert_eq!(after, before);
    }
}

#[tokio::test]
async fn an_answer_that_comes_late_leads_its_own_pupil_on_and_nobody_else() {
    let site = Site::over_https().await;
    let mut browser = site.browser();
    site.pupil(&mut browser, "ido-zoe").await;
    // Its departure is forgotten, as ten minutes later: the provider's page is posted again all the same.
    let mut elsewhere = site.browser();
    let late = site.answer(&mut elsewhere, "ido-zoe").await;
    let of_another = site.answer(&mut elsewhere, "ido-somebody-else").await;
    browser.cookies.remove("__Host-gar");
    let fields = [("SAMLResponse", late.as_str())];
    let came = browser.post_from_elsewhere(ANSWER_PATH, &fields).await;
    let there = browser.follow(&came.location.unwrap()).await;
    assert!(there.text.contains("Mes parcours"), "{}", there.text);
    let fields = [("SAMLResponse", of_another.as_str())];
    refused_in_the_end(&site, &mut browser, &fields).await;
    // What nobody signed is nobody's, whatever it says.
    let forged = [("SAMLResponse", "PHNhbWxwOlJlc3BvbnNlLz4=")];
    let came = browser.post_with_all(ANSWER_PATH, &forged).await;
    assert_refused(&came, "__Host-session");
}

#[tokio::test]
async fn the_address_of_answers_asked_for_by_itself_leads_to_the_mediacentre() {
    let site = Site::over_https().await;
    for path in [ANSWER_PATH, "/gar/retour"] {
        let mut browser = site.browser();
        let there = browser.follow(path).await;
        assert_eq!(there.status, StatusCode::OK, "{path}");
        assert!(there.text.contains("Entre par ton Médiacentre"), "{path}");
        assert!(there.text.contains(SIGN_IN_PATH), "{path}");
        site.pupil(&mut browser, "ido-zoe").await;
        let there = browser.follow(path).await;
        assert!(there.text.contains("Mes parcours"), "{path}");
        site.adult(&mut browser).await;
        let there = browser.follow(path).await;
        assert!(there.text.contains("Je suis élève"), "{path}");
    }
}

#[tokio::test]
async fn no_address_holds_an_answer_a_relay_state_or_a_secret() {
    let site = Site::over_https().await;
    let campaign = site.campaign().await;
    let mut browser = site.browser();
    browser.get(&format!("/parcours/{}", campaign.code)).await;
    let adult = site.adult(&mut browser).await;
    let answer = site.answer(&mut browser, "ido-zoe").await;
    let elsewhere = "https://elsewhere.example.invalid/";
    let fields = [("SAMLResponse", answer.as_str()), ("RelayState", elsewhere)];
    browser.post_from_elsewhere(ANSWER_PATH, &fields).await;
    let again = browser.post_from_elsewhere(ANSWER_PATH, &fields).await;
    browser.follow(&again.location.unwrap()).await;
    browser.follow("/parcours").await;

    let mut secrets = vec![adult.expose().to_owned(), answer[..40].to_owned()];
    secrets.extend(["elsewhere", "SAMLResponse", "ido-zoe"].map(Into::into));
    let kept = |name: &str| browser.cookies[name].value.clone();
    secrets.extend(["__Host-session", "__Host-gar", "__Host-visitor"].map(kept));
    assert!(browser.sent_to.len() >= 4, "{:?}", browser.sent_to);
    for address in &browser.sent_to {
        for secret in &secrets {
            assert!(!address.contains(secret), "{secret} in {address}");
        }
        match address.split_once('?') {
            Some((sso, query)) => {
                assert_eq!(sso, format!("{OVER_HTTPS}{SSO_PATH}"));
                let fields: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap();
                let names: Vec<_> = fields.iter().map(|(name, _)| name.as_str()).collect();
                assert_eq!(names, ["SAMLRequest", "RelayState", "SigAlg", "Signature"]);
                // The only one, and it goes out: the resource's own address.
                assert_eq!(fields[1].1, format!("{OVER_HTTPS}{SIGN_IN_PATH}"));
            }
            None => assert!(address.starts_with('/'), "{address}"),
        }
    }
}
