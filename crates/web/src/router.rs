//! Every address of the site.

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::routing::get;
use axum::{Router, middleware};

use crate::app::{App, SharedApp};
use crate::{access, account, assets, forms, headers, operating, pupil, space, visitor};

/// The whole site. `more` adds routes that only the binary knows, such as the demo's; they are recognised and
/// protected alike.
pub fn router(app: Arc<App>, more: Router<SharedApp>) -> Router {
    let site = Router::new()
        .merge(access::routes())
        .merge(account::routes())
        .merge(pupil::routes())
        .merge(space::routes())
        .merge(more)
        .layer(DefaultBodyLimit::max(forms::FORM_BYTES_MAX))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&app),
            visitor::recognise,
        ))
        .route("/static/{*file}", get(assets::file))
        .route("/healthz", get(operating::alive))
        .route("/readyz", get(operating::ready))
        .route("/metrics", get(operating::figures));
    // A route, not a router to merge: a merged one would bring its own answer for what is nowhere, which is bare.
    let site = match &app.settings.gar {
        Some(gar) => site.route(operating::GAR_METADATA_PATH, operating::gar_metadata(gar)),
        None => site,
    };
    site.layer(middleware::from_fn_with_state(
        Arc::clone(&app),
        operating::observe,
    ))
    .layer(middleware::from_fn_with_state(
        Arc::clone(&app),
        headers::protect,
    ))
    .with_state(app)
}
