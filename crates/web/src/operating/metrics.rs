//! The figures themselves: requests counted by this process; connections, imports and mails read when asked for.

use std::time::Instant;

use axum::http::{Method, StatusCode};
use jiff::Timestamp;
use pix_orga_domain::store::Failure;
use pix_orga_domain::vitals::use_cases::Vitals;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::app::GarSettings;

/// The type of the answer.
pub const CONTENT: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Upper bounds of the times of requests, in seconds.
const SECONDS: [f64; 11] = [
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];

/// Methods that have a name in the figures; any other is « other », so that nobody makes series at will.
const METHODS: [&str; 3] = ["GET", "HEAD", "POST"];

/// States of mails that wait: the age of the others says nothing.
const WAITING: [&str; 2] = ["queued", "delayed"];

type Labels<const N: usize> = [(&'static str, String); N];
type Gauges = Family<Labels<1>, Gauge<u64, std::sync::atomic::AtomicU64>>;

/// The figures of this process.
pub struct Metrics {
    registry: Registry,
    requests: Family<Labels<3>, Counter>,
    seconds: Family<Labels<2>, Histogram>,
    reachable: Gauge,
    connections: Gauges,
    imports: Gauges,
    oldest_import: Gauges,
    mails: Gauges,
    oldest_mail: Gauges,
    gar: GarFigures,
    alarms: Counter,
    front: FrontFigures,
    doubts: Family<Labels<1>, Counter>,
}

/// A request under way.
pub struct Watch<'m> {
    metrics: &'m Metrics,
    route: String,
    method: &'static str,
    since: Instant,
}

/// What is counted of connections.
#[derive(Default)]
struct FrontFigures {
    open: Gauge,
    max: Gauge,
    limits: Family<Labels<1>, Counter>,
}

impl FrontFigures {
    fn register(registry: &mut Registry) -> Self {
        let figures = Self::default();
        let http = registry.sub_registry_with_prefix("http");
        http.register(
            "connections",
            "Connections of clients",
            figures.open.clone(),
        );
        http.register(
            "connections_max",
            "Connections of clients at most",
            figures.max.clone(),
        );
        http.register(
            "limits",
            "Times a limit on clients was reached",
            figures.limits.clone(),
        );
        figures
    }
}

/// What is counted of the GAR.
struct GarFigures {
    sign_ins: Family<Labels<1>, Counter>,
    missing: Family<Labels<1>, Counter>,
    certificates: Family<Labels<2>, Gauge>,
    metadata: Family<Labels<1>, Gauge>,
}

impl GarFigures {
    fn register(registry: &mut Registry) -> Self {
        let (sign_ins, certificates) = (Family::default(), Family::default());
        let metadata: Family<Labels<1>, Gauge> = Family::default();
        let gar = registry.sub_registry_with_prefix("gar");
        let counter: Family<Labels<1>, Counter> = Family::clone(&sign_ins);
        gar.register("sign_ins", "Pupils who came back from the GAR", counter);
        let missing: Family<Labels<1>, Counter> = Family::default();
        gar.register(
            "attributes_missing",
            "Answers without an attribute that the contract promises",
            Family::clone(&missing),
        );
        let gauge: Family<Labels<2>, Gauge> = Family::clone(&certificates);
        gar.register(
            "certificate_ends_seconds",
            "Time until signing certificates end, the first and the last of each side",
            gauge,
        );
        gar.register(
            "metadata_ends_seconds",
            "Time until the metadata of the GAR stop serving, where they say it",
            Family::clone(&metadata),
        );
        Self {
            sign_ins,
            missing,
            certificates,
            metadata,
        }
    }
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("pix_orga");
        let requests = Family::default();
        let seconds: Family<Labels<2>, Histogram> = Family::new_with_constructor(timed);
        let (reachable, connections) = (Gauge::default(), Gauges::default());
        let (imports, oldest_import) = (Gauges::default(), Gauges::default());
        let (mails, oldest_mail) = (Gauges::default(), Gauges::default());
        let http = registry.sub_registry_with_prefix("http");
        http.register("requests", "Requests answered", requests.clone());
        http.register(
            "request_seconds",
            "Time until the answer begins",
            seconds.clone(),
        );
        registry.register(
            "database_reachable",
            "Whether the database answered for these figures",
            reachable.clone(),
        );
        registry.register(
            "database_connections",
            "Connections of this process to its database",
            connections.clone(),
        );
        registry.register(
            "imports_open",
            "Imports that run or wait for a person, in the database",
            imports.clone(),
        );
        registry.register(
            "imports_oldest_seconds",
            "Age of the oldest of them",
            oldest_import.clone(),
        );
        registry.register("mails", "Outgoing mails, in the database", mails.clone());
        registry.register(
            "mails_oldest_seconds",
            "Age of the oldest mail that waits",
            oldest_mail.clone(),
        );
        let gar = GarFigures::register(&mut registry);
        let front = FrontFigures::register(&mut registry);
        let alarms = Counter::default();
        registry.register(
            "birthdates_guessed",
            "Schools where too many birth dates found nobody, once an hour for each",
            alarms.clone(),
        );
        let doubts: Family<Labels<1>, Counter> = Family::default();
        registry.register(
            "retention_doubted",
            "Looks at what is past its time that forgot nothing, since the time is in doubt",
            doubts.clone(),
        );
        Self {
            registry,
            requests,
            seconds,
            reachable,
            connections,
            imports,
            oldest_import,
            mails,
            oldest_mail,
            gar,
            alarms,
            front,
            doubts,
        }
    }
}

impl Metrics {
    /// A request begins, on the route of this template.
    pub fn start(&self, route: String, method: &Method) -> Watch<'_> {
        let method = METHODS.into_iter().find(|name| method == name);
        Watch {
            metrics: self,
            route,
            method: method.unwrap_or("other"),
            since: Instant::now(),
        }
    }

    /// Connections of clients are this many.
    pub fn connections_open(&self, count: usize) {
        self.front
            .open
            .set(i64::try_from(count).unwrap_or(i64::MAX));
    }

    /// They may be this many.
    pub fn connections_at_most(&self, count: usize) {
        self.front.max.set(i64::try_from(count).unwrap_or(i64::MAX));
    }

    /// A limit on clients is counted, from zero, so that an alarm can be set before it is first reached.
    pub fn knows_limit(&self, limit: &'static str) {
        let limit = [("limit", limit.to_owned())];
        drop(self.front.limits.get_or_create(&limit));
    }

    /// A limit on clients was reached.
    pub fn limit_bit(&self, limit: &'static str) {
        let limit = [("limit", limit.to_owned())];
        self.front.limits.get_or_create(&limit).inc();
    }

    /// A pupil came back from the GAR: `signed_in`, or the refusal's code.
    pub fn came_back(&self, outcome: &'static str) {
        let outcome = [("outcome", outcome.to_owned())];
        self.gar.sign_ins.get_or_create(&outcome).inc();
    }

    /// An answer lacks this attribute, which the contract promises.
    pub fn attribute_missing(&self, attribute: &'static str) {
        let attribute = [("attribute", attribute.to_owned())];
        self.gar.missing.get_or_create(&attribute).inc();
    }

    /// Nothing was forgotten in this hour, since the time is in doubt: the doubt's code.
    pub fn time_doubted(&self, doubt: &'static str) {
        let doubt = [("doubt", doubt.to_owned())];
        self.doubts.get_or_create(&doubt).inc();
    }

    /// Somebody may be guessing birth dates in a school: which one is the log's to say.
    pub fn alarmed(&self) {
        self.alarms.inc();
    }

    /// How long certificates and the provider's metadata last from `now`: below zero once they have ended.
    pub fn watch_certificates(&self, gar: &GarSettings, now: Timestamp) {
        for (role, ends) in [("provider", &gar.provider_ends), ("ours", &gar.our_ends)] {
            for (which, end) in [("first", ends.iter().min()), ("last", ends.iter().max())] {
                let labels = [("role", role.to_owned()), ("end", which.to_owned())];
                let Some(end) = end else { continue };
                let gauge = self.gar.certificates.get_or_create(&labels);
                gauge.set(end.duration_since(now).as_secs());
            }
        }
        if let Some(end) = gar.metadata_end {
            let labels = [("role", "provider".to_owned())];
            let gauge = self.gar.metadata.get_or_create(&labels);
            gauge.set(end.duration_since(now).as_secs());
        }
    }

    /// Everything, as text. A database that does not answer leaves its figures out and says so.
    pub async fn text(&self, vitals: &Vitals) -> String {
        let read = self.read(vitals).await;
        if let Err(failure) = &read {
            tracing::warn!(%failure, "figures without the database");
        }
        self.reachable.set(i64::from(read.is_ok()));
        let mut text = String::new();
        if encode(&mut text, &self.registry).is_err() {
            tracing::error!("figures could not be written");
        }
        text
    }

    async fn read(&self, vitals: &Vitals) -> Result<(), Failure> {
        let connections = vitals.connections();
        set(&self.connections, "state", "open", connections.open.into());
        set(&self.connections, "state", "idle", connections.idle.into());
        set(&self.connections, "state", "max", connections.max.into());
        let imports = vitals.open_imports().await?;
        let mails = vitals.mails().await?;
        for gauges in [
            &self.imports,
            &self.oldest_import,
            &self.mails,
            &self.oldest_mail,
        ] {
            gauges.clear();
        }
        for import in &imports {
            set(&self.imports, "phase", &import.state, import.count);
            set(
                &self.oldest_import,
                "phase",
                &import.state,
                import.oldest_seconds,
            );
        }
        for mail in &mails {
            set(&self.mails, "state", &mail.state, mail.count);
            if WAITING.contains(&mail.state.as_str()) {
                set(&self.oldest_mail, "state", &mail.state, mail.oldest_seconds);
            }
        }
        Ok(())
    }
}

impl Watch<'_> {
    /// The request was answered.
    pub fn end(self, status: StatusCode) {
        let method = || ("method", self.method.to_owned());
        let status = ("status", status.as_str().to_owned());
        let requests = &self.metrics.requests;
        requests
            .get_or_create(&[("route", self.route.clone()), method(), status])
            .inc();
        let labels = [("route", self.route.clone()), method()];
        let seconds = self.metrics.seconds.get_or_create(&labels);
        seconds.observe(self.since.elapsed().as_secs_f64());
    }
}

fn timed() -> Histogram {
    Histogram::new(SECONDS)
}

fn set(gauges: &Gauges, label: &'static str, value: &str, to: u64) {
    gauges.get_or_create(&[(label, value.to_owned())]).set(to);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_and_the_last_certificate_are_counted_and_sign_ins_by_code() {
        let metrics = Metrics::default();
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let gar = GarSettings {
            origin: String::new(),
            metadata: String::new(),
            metadata_end: Some(at("2026-12-01T00:00:10Z")),
            provider_ends: vec![at("2026-12-01T00:01:00Z"), at("2026-11-30T23:59:00Z")],
            our_ends: vec![at("2026-12-02T00:00:00Z")],
        };
        metrics.watch_certificates(&gar, at("2026-12-01T00:00:00Z"));
        metrics.came_back("signed_in");
        metrics.came_back("not_a_pupil");
        metrics.came_back("signed_in");
        metrics.attribute_missing("UAI");
        metrics.alarmed();
        metrics.time_doubted("clocks_apart");
        let mut text = String::new();
        encode(&mut text, &metrics.registry).unwrap();
        for line in [
            r#"pix_orga_gar_certificate_ends_seconds{role="provider",end="first"} -60"#,
            r#"pix_orga_gar_certificate_ends_seconds{role="provider",end="last"} 60"#,
            r#"pix_orga_gar_certificate_ends_seconds{role="ours",end="first"} 86400"#,
            r#"pix_orga_gar_metadata_ends_seconds{role="provider"} 10"#,
            r#"pix_orga_gar_sign_ins_total{outcome="signed_in"} 2"#,
            r#"pix_orga_gar_sign_ins_total{outcome="not_a_pupil"} 1"#,
            r#"pix_orga_gar_attributes_missing_total{attribute="UAI"} 1"#,
            "pix_orga_birthdates_guessed_total 1",
            r#"pix_orga_retention_doubted_total{doubt="clocks_apart"} 1"#,
        ] {
            assert!(text.contains(line), "{line}\n{text}");
        }
    }

    #[test]
    fn a_request_is_counted_under_its_template_and_no_other_method_makes_a_series() {
        let metrics = Metrics::default();
        let route = || "/invitation/{token}".to_owned();
        metrics.start(route(), &Method::GET).end(StatusCode::OK);
        metrics.start(route(), &Method::GET).end(StatusCode::OK);
        let odd = Method::from_bytes(b"BREW").unwrap();
        metrics
            .start(route(), &odd)
            .end(StatusCode::METHOD_NOT_ALLOWED);
        let mut text = String::new();
        encode(&mut text, &metrics.registry).unwrap();
        for line in [
            r#"pix_orga_http_requests_total{route="/invitation/{token}",method="GET",status="200"} 2"#,
            r#"pix_orga_http_requests_total{route="/invitation/{token}",method="other",status="405"} 1"#,
            r#"pix_orga_http_request_seconds_count{route="/invitation/{token}",method="GET"} 2"#,
        ] {
            assert!(text.contains(line), "{line}\n{text}");
        }
    }
}
