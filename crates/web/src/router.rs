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
    let gar = app.settings.gar.as_ref().map(operating::gar_routes);
    Router::new()
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
        .route("/metrics", get(operating::figures))
        .merge(gar.unwrap_or_default())
        .layer(middleware::from_fn_with_state(
            Arc::clone(&app),
            operating::observe,
        ))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&app),
            headers::protect,
        ))
        .with_state(app)
}
