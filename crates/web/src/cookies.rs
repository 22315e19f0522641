//! The product's cookies: session, visitor (from which forms are checked), and the flash shown once.

use axum::http::HeaderMap;
use axum::http::header::{COOKIE, HeaderValue, SET_COOKIE};
use cookie::time::Duration;
use cookie::{Cookie, SameSite};
use pix_orga_domain::account::device::DEVICE_KEPT;
use pix_orga_domain::pupil::sign_in::BEGUN_SIGN_IN_MAX;

/// The session's cookie.
pub const SESSION: &str = "session";
/// The visitor's cookie: random, drawn at the first page; form tokens are derived from it.
pub const VISITOR: &str = "visitor";
/// The outcome of the action just done, by code: shown once.
pub const FLASH: &str = "flash";
/// The code of the campaign that a pupil was on the way to, while they sign in.
pub const CAMPAIGN: &str = "parcours";
/// What binds a federated sign-in to this browser, while it lasts.
pub const DEPARTURE: &str = "gar";

/// The account that an answer of the federation spoke of when it came again, until we see whose session this is.
pub const CAME_AGAIN: &str = "retour";

/// The accounts that signed in on this browser before: see [`pix_orga_domain::account::device`].
pub const DEVICES: &str = "appareil";

/// Says that a pupil has just come for the first time, until their page of welcome.
pub const ARRIVED: &str = "arrivee";

/// The name a cookie bears: over https, browsers then refuse it from any other host or path.
fn full_name(name: &str, secure: bool) -> String {
    if secure {
        format!("__Host-{name}")
    } else {
        name.to_owned()
    }
}

/// The value of one of the product's cookies.
pub fn read(headers: &HeaderMap, name: &str, secure: bool) -> Option<String> {
    let name = full_name(name, secure);
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(Cookie::split_parse)
        .filter_map(Result::ok)
        .find(|cookie| cookie.name() == name)
        .map(|cookie| cookie.value().to_owned())
}

/// Sets a cookie that ends with the browser.
pub fn set(headers: &mut HeaderMap, name: &str, value: &str, secure: bool) {
    append(headers, &cookie(name, value, secure));
}

/// Sets a cookie for the time of a sign-in.
pub fn set_brief(headers: &mut HeaderMap, name: &str, value: &str, secure: bool) {
    append(headers, &brief(name, value, secure));
}

/// Sets the cookie of the accounts that signed in on this browser: it stays long after the session.
pub fn set_devices(headers: &mut HeaderMap, value: &str, secure: bool) {
    let mut cookie = cookie(DEVICES, value, secure);
    cookie.set_max_age(Duration::seconds(DEVICE_KEPT.as_secs()));
    append(headers, &cookie);
}

/// The same as [`set_brief`], for a cookie that must come back with a form that another site posts. Browsers take it over https only;
/// elsewhere it comes back with links alone.
pub fn set_brief_across_sites(headers: &mut HeaderMap, name: &str, value: &str, secure: bool) {
    let mut cookie = brief(name, value, secure);
    if secure {
        cookie.set_same_site(SameSite::None);
    }
    append(headers, &cookie);
}

fn brief(name: &str, value: &str, secure: bool) -> Cookie<'static> {
    let mut cookie = cookie(name, value, secure);
    cookie.set_max_age(Duration::seconds(BEGUN_SIGN_IN_MAX.as_secs()));
    cookie
}

/// Removes a cookie.
pub fn remove(headers: &mut HeaderMap, name: &str, secure: bool) {
    let mut cookie = cookie(name, "", secure);
    cookie.make_removal();
    append(headers, &cookie);
}

fn cookie(name: &str, value: &str, secure: bool) -> Cookie<'static> {
    Cookie::build((full_name(name, secure), value.to_owned()))
        .path("/")
        .http_only(true)
        .secure(secure)
        .same_site(SameSite::Lax)
        .build()
}

fn append(headers: &mut HeaderMap, cookie: &Cookie<'_>) {
    if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
        headers.append(SET_COOKIE, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn departure(secure: bool) -> String {
        let mut headers = HeaderMap::new();
        set_brief_across_sites(&mut headers, DEPARTURE, "secret", secure);
        headers[SET_COOKIE].to_str().unwrap().to_owned()
    }

    #[test]
    fn the_cookie_of_a_departure_comes_back_with_another_site_s_form_over_https() {
        let mut parts: Vec<String> = departure(true).split("; ").map(str::to_owned).collect();
        assert_eq!(parts.remove(0), "__Host-gar=secret");
        parts.sort();
        let expected = [
            "HttpOnly",
            "Max-Age=600",
            "Path=/",
            "SameSite=None",
            "Secure",
        ];
        assert_eq!(parts, expected);
    }

    #[test]
    fn the_cookie_of_a_known_browser_outlives_the_session_and_no_script_reads_it() {
        let mut headers = HeaderMap::new();
        set_devices(&mut headers, "sealed", true);
        let set = headers[SET_COOKIE].to_str().unwrap();
        let mut parts: Vec<&str> = set.split("; ").collect();
        assert_eq!(parts.remove(0), "__Host-appareil=sealed");
        parts.sort_unstable();
        let expected = [
            "HttpOnly",
            "Max-Age=15552000",
            "Path=/",
            "SameSite=Lax",
            "Secure",
        ];
        assert_eq!(parts, expected);
    }

    #[test]
    fn over_http_it_has_no_prefix_and_comes_back_with_links_alone() {
        let mut parts: Vec<String> = departure(false).split("; ").map(str::to_owned).collect();
        assert_eq!(parts.remove(0), "gar=secret");
        parts.sort();
        assert_eq!(parts, ["HttpOnly", "Max-Age=600", "Path=/", "SameSite=Lax"]);
    }
}
