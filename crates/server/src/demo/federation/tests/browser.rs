//! A browser as the standard of cookies wants it: which it takes, and which it brings with what another site posts.

use std::collections::BTreeMap;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use axum::http::{Method, Request, Response, StatusCode};
use tower::ServiceExt as _;

/// The largest page of these tests.
const PAGE_BYTES_MAX: usize = 1024 * 1024;

/// A cookie that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    pub value: String,
    pub same_site: String,
}

/// What came.
pub struct Came {
    pub status: StatusCode,
    pub location: Option<String>,
    /// Each `Set-Cookie`, as it stands.
    pub set: Vec<String>,
    pub text: String,
}

/// A browser on one site.
pub struct Browser {
    site: Router,
    secure: bool,
    pub cookies: BTreeMap<String, Taken>,
    /// Everywhere it was sent to.
    pub sent_to: Vec<String>,
}

impl Browser {
    pub fn new(site: &Router, secure: bool) -> Self {
        Self {
            site: site.clone(),
            secure,
            cookies: BTreeMap::new(),
            sent_to: Vec::new(),
        }
    }

    /// Asks for a page, by a link or by typing its address.
    pub async fn get(&mut self, path: &str) -> Came {
        let cookies = self.brought(|cookie| cookie.same_site != "Strict");
        self.ask(Method::GET, path, cookies, String::new()).await
    }

    /// The same, and goes where it is sent.
    pub async fn follow(&mut self, path: &str) -> Came {
        let mut came = self.get(path).await;
        for _ in 0..5 {
            let Some(next) = came.location.take() else {
                return came;
            };
            came = self.get(&next).await;
        }
        panic!("{path} leads in a circle");
    }

    /// Posts a form of another site: of the cookies, those come alone that are made for it.
    pub async fn post_from_elsewhere(&mut self, path: &str, fields: &[(&str, &str)]) -> Came {
        let cookies = self.brought(|cookie| cookie.same_site == "None");
        self.post(path, cookies, fields).await
    }

    /// The same, with every cookie: over http between two ports of one machine, which are one site; or with a browser
    /// that knows nothing of `SameSite`.
    pub async fn post_with_all(&mut self, path: &str, fields: &[(&str, &str)]) -> Came {
        let cookies = self.brought(|_| true);
        self.post(path, cookies, fields).await
    }

    fn brought(&self, comes: impl Fn(&Taken) -> bool) -> String {
        let pairs = self.cookies.iter().filter(|(_, cookie)| comes(cookie));
        let pairs: Vec<_> = pairs
            .map(|(name, cookie)| format!("{name}={}", cookie.value))
            .collect();
        pairs.join("; ")
    }

    async fn post(&mut self, path: &str, cookies: String, fields: &[(&str, &str)]) -> Came {
        let body = serde_urlencoded::to_string(fields).unwrap();
        self.ask(Method::POST, path, cookies, body).await
    }

    async fn ask(&mut self, method: Method, path: &str, cookies: String, body: String) -> Came {
        let mut request = Request::builder().method(method).uri(path);
        if !cookies.is_empty() {
            request = request.header(COOKIE, cookies);
        }
        let request = request
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .unwrap();
        let response = self.site.clone().oneshot(request).await.unwrap();
        self.take(response).await
    }

    async fn take(&mut self, response: Response<Body>) -> Came {
        let texts = |name| {
            let values = response.headers().get_all(name).iter();
            let values = values.map(|value| value.to_str().unwrap().to_owned());
            values.collect::<Vec<_>>()
        };
        let (set, location) = (texts(SET_COOKIE), texts(LOCATION).pop());
        self.sent_to.extend(location.clone());
        for cookie in &set {
            self.keep(cookie);
        }
        let status = response.status();
        let body = to_bytes(response.into_body(), PAGE_BYTES_MAX);
        Came {
            status,
            location,
            set,
            text: String::from_utf8(body.await.unwrap().to_vec()).unwrap(),
        }
    }

    /// Takes a cookie, or removes it. One that a browser would refuse is a fault of the site.
    fn keep(&mut self, cookie: &str) {
        let mut parts = cookie.split("; ");
        let (name, value) = parts.next().unwrap().split_once('=').unwrap();
        let attributes: BTreeMap<_, _> = parts
            .map(|part| part.split_once('=').unwrap_or((part, "")))
            .collect();
        assert!(!attributes.contains_key("Domain"), "{cookie}");
        assert_eq!(attributes.get("Path"), Some(&"/"), "{cookie}");
        assert_eq!(attributes.contains_key("Secure"), self.secure, "{cookie}");
        assert_eq!(name.starts_with("__Host-"), self.secure, "{cookie}");
        if attributes.get("Max-Age") == Some(&"0") {
            self.cookies.remove(name);
            return;
        }
        let taken = Taken {
            value: value.to_owned(),
            same_site: attributes.get("SameSite").unwrap_or(&"Lax").to_string(),
        };
        assert!(taken.same_site != "None" || self.secure, "{cookie}");
        self.cookies.insert(name.to_owned(), taken);
    }
}
