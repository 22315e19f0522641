//! What every response tells the browser to refuse.

use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::middleware::Next;
use axum::response::Response;

use crate::app::{App, SharedApp};

/// Nothing but this site's own files; no inline style or script; no frame around it. What follows is where forms go.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; \
     connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

const ALWAYS: [(HeaderName, &str); 4] = [
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (X_FRAME_OPTIONS, "DENY"),
    (REFERRER_POLICY, "no-referrer"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=()",
    ),
];

/// The policy of a site whose pupils sign in at `origin`. Browsers hold a form to it through the redirects that follow:
/// one that leads to signing in ends there.
fn policy(origin: Option<&str>) -> HeaderValue {
    origin
        .and_then(|origin| HeaderValue::from_str(&format!("{POLICY} {origin}")).ok())
        .unwrap_or(HeaderValue::from_static(POLICY))
}

/// Adds them to a response.
pub async fn protect(State(app): State<SharedApp>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    dress(&app, &mut response);
    response
}

/// The same to a response that comes from nowhere in the site.
pub fn dress(app: &App, response: &mut Response) {
    let headers = response.headers_mut();
    let policy = policy(app.settings.gar.as_ref().map(|gar| gar.origin.as_str()));
    headers.insert(CONTENT_SECURITY_POLICY, policy);
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if app.settings.secure {
        headers.insert(
            STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000"),
        );
    }
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms(origin: Option<&str>) -> String {
        let policy = policy(origin);
        let mut parts = policy.to_str().unwrap().split("; ");
        let forms = parts.find(|part| part.starts_with("form-action"));
        forms.unwrap().to_owned()
    }

    #[test]
    fn forms_lead_to_this_site_and_to_where_pupils_sign_in_alone() {
        assert_eq!(forms(None), "form-action 'self'");
        let origin = "https://idp.example.org";
        assert_eq!(
            forms(Some(origin)),
            "form-action 'self' https://idp.example.org"
        );
        assert_eq!(
            forms(Some("https://a.invalid\r\nx: y")),
            "form-action 'self'"
        );
    }
}
