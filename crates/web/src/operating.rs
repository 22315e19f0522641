//! What a process tells those who operate it: alive, ready, and figures. Routes are named by their template, never
//! by the address asked: addresses hold identifiers and links.

use std::time::Duration;

use axum::extract::{MatchedPath, Request, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get};
use pix_orga_domain::ids::OrganizationId;
use pix_orga_domain::reconciliation::tries::ALARM_MISSES_MIN;
use pix_orga_domain::store::Failure;
use pix_orga_domain::vitals::Writing;
use tokio::time::timeout;

use crate::app::{App, GarSettings, SharedApp};
use crate::client;

mod alarm;
mod metrics;

pub use alarm::Alarms;
pub use metrics::Metrics;

/// Where our metadata is, for the GAR.
pub const GAR_METADATA_PATH: &str = "/gar/metadata";
/// The type of SAML metadata: SAML metadata, appendix A.
pub const SAML_METADATA: &str = "application/samlmetadata+xml";
/// How long the database has to answer, before the process is not ready: who asks waits for some seconds.
const READY_WAIT_MAX: Duration = Duration::from_secs(4);
/// Said when it does not.
const UNREACHABLE: &str = "database_unreachable";
/// Long enough for who asks again and again, short beside a rotation of keys.
const BRIEFLY: &str = "public, max-age=300";

/// The process answers.
pub async fn alive() -> &'static str {
    "ok\n"
}

/// The process can serve: its database takes writes, at the program's level. Otherwise 503, and why in a word.
pub async fn ready(State(app): State<SharedApp>) -> Response {
    match timeout(READY_WAIT_MAX, unready(&app)).await {
        Ok(Ok(None)) => "ok\n".into_response(),
        Ok(Ok(Some(why))) => not_ready(why),
        Ok(Err(failure)) => {
            tracing::warn!(%failure, "not ready");
            not_ready(UNREACHABLE)
        }
        Err(_) => {
            tracing::warn!("not ready: the database does not answer");
            not_ready(UNREACHABLE)
        }
    }
}

/// Why the process cannot serve; none when it can.
async fn unready(app: &App) -> Result<Option<&'static str>, Failure> {
    match app.vitals.writing().await? {
        Writing::Accepted => {}
        otherwise => return Ok(Some(otherwise.code())),
    }
    let level = app.vitals.level().await?;
    Ok((!level.serves()).then(|| level.code()))
}

fn not_ready(why: &'static str) -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, format!("{why}\n")).into_response()
}

/// The figures, in the text format of `OpenMetrics`, for this machine and the addresses that the configuration allows.
/// To others, and to whoever comes through a proxy, there is no such page.
pub async fn figures(State(app): State<SharedApp>, request: Request) -> Response {
    let allowed = &app.settings.metrics_from;
    if !client::is_this_machine(&request) && !client::is_one_of(&request, allowed) {
        return StatusCode::NOT_FOUND.into_response();
    }
    if let Some(gar) = &app.settings.gar {
        app.metrics.watch_certificates(gar, app.vitals.clock.now());
    }
    let text = app.metrics.text(&app.vitals).await;
    ([(CONTENT_TYPE, metrics::CONTENT)], text).into_response()
}

/// Our metadata, which is the same for everybody: no cookie goes with it.
pub fn gar_metadata(gar: &GarSettings) -> MethodRouter<SharedApp> {
    let headers = [(CONTENT_TYPE, SAML_METADATA), (CACHE_CONTROL, BRIEFLY)];
    let metadata = gar.metadata.clone();
    get(|| async move { (headers, metadata) })
}

/// Tells who operates the program that somebody may be guessing birth dates in a school.
pub fn alarm_about(app: &App, school: OrganizationId) {
    if app.alarms.is_new(school, app.vitals.clock.now()) {
        app.metrics.alarmed();
        tracing::warn!(
            code = "birthdates_guessed",
            %school,
            misses = ALARM_MISSES_MIN,
            "birth dates that find nobody are many in a school, within an hour"
        );
    }
}

/// Counts each request and times it.
pub async fn observe(State(app): State<SharedApp>, request: Request, next: Next) -> Response {
    let template = request.extensions().get::<MatchedPath>();
    let route = template.map_or_else(|| "none".to_owned(), |path| path.as_str().to_owned());
    let watch = app.metrics.start(route, request.method());
    let response = next.run(request).await;
    watch.end(response.status());
    response
}
