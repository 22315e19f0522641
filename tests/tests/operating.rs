//! What a process tells those who operate it.

use journeys::Demo;
use journeys::people::{Head, school_link};

async fn asked(demo: &Demo, path: &str, headers: &[(&str, &str)]) -> (u16, String) {
    let client = reqwest::Client::new();
    let mut request = client.get(format!("{}{path}", demo.address()));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = request.send().await.expect("the process answers");
    (
        answer.status().as_u16(),
        answer.text().await.expect("its answer ends"),
    )
}

async fn figures(demo: &Demo) -> String {
    let (status, text) = asked(demo, "/metrics", &[]).await;
    assert_eq!(status, 200);
    text
}

#[tokio::test]
async fn a_process_says_that_it_is_alive_and_ready() {
    let demo = Demo::start().await;
    assert_eq!(
        asked(&demo, "/healthz", &[]).await,
        (200, "ok\n".to_owned())
    );
    assert_eq!(asked(&demo, "/readyz", &[]).await, (200, "ok\n".to_owned()));
}

#[tokio::test]
async fn a_process_whose_database_went_ahead_is_alive_and_not_ready() {
    let demo = Demo::start().await;
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                 VALUES (?, 'of a newer program', true, '', 0)";
    assert_eq!(demo.write(newer, 9999).await, 1);
    assert_eq!(asked(&demo, "/healthz", &[]).await.0, 200);
    let not_ready = asked(&demo, "/readyz", &[]).await;
    assert_eq!(not_ready, (503, "ahead\n".to_owned()));
}

/// During a rolling upgrade: the newer program's migration says whether this one may go on.
#[tokio::test]
async fn a_process_beside_a_newer_schema_that_says_so_is_ready_works_and_may_start_again() {
    let mut demo = Demo::start().await;
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                 VALUES (?, 'of a newer program', true, '', 0)";
    assert_eq!(demo.write(newer, 9999).await, 1);
    let says = "INSERT INTO program_levels (migration, lowest) VALUES (?, 15)";
    assert_eq!(demo.write(says, 9999).await, 1);
    for _ in 0..2 {
        assert_eq!(asked(&demo, "/readyz", &[]).await, (200, "ok\n".to_owned()));
        demo.kill_and_restart().await;
    }
    Head::arrives(&demo).await;
    // The next one takes something away.
    assert_eq!(demo.write(newer, 10_000).await, 1);
    let not_ready = asked(&demo, "/readyz", &[]).await;
    assert_eq!(not_ready, (503, "ahead\n".to_owned()));
    assert_eq!(asked(&demo, "/healthz", &[]).await.0, 200);
}

#[tokio::test]
async fn figures_name_routes_by_their_template_and_nobody() {
    let demo = Demo::start().await;
    let link = school_link(&demo).await;
    let head = Head::arrives_as(&demo, "camille@college.invalid").await;
    head.at("/eleves?q=Zacharie").await.must_be(200);
    demo.browser().get("/nulle-part").await.must_be(404);
    let text = figures(&demo).await;
    for line in [
        r#"pix_orga_http_requests_total{route="/invitation/{token}",method="GET",status="200"}"#,
        r#"pix_orga_http_requests_total{route="none",method="GET",status="404"} 1"#,
        r#"pix_orga_database_connections{state="open"}"#,
        "pix_orga_database_reachable 1",
        r#"pix_orga_mails{state="sent"}"#,
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    let token = link.rsplit('/').next().unwrap();
    for personal in [token, "camille", "Zacharie", "0059900J"] {
        assert!(!text.contains(personal), "{personal}\n{text}");
    }
}

#[tokio::test]
async fn figures_are_for_this_machine_and_never_go_through_a_proxy() {
    let demo = Demo::start().await;
    for header in [
        ("x-forwarded-for", "192.0.2.1"),
        ("x-forwarded-for", "127.0.0.1"),
        ("forwarded", "for=127.0.0.1"),
    ] {
        assert_eq!(asked(&demo, "/metrics", &[header]).await.0, 404);
    }
}

#[tokio::test]
async fn a_plan_that_waits_is_counted_by_its_phase() {
    let demo = Demo::start().await;
    let head = Head::arrives(&demo).await;
    let first = demo.browser().download("/demo/fichiers/premier").await;
    head.import("eleves.zip", first).await.must_be(200);
    assert!(!figures(&demo).await.contains("pix_orga_imports_open{"));
    let next = demo.browser().download("/demo/fichiers/suivant").await;
    head.import("eleves.zip", next).await.must_be(200);
    let text = figures(&demo).await;
    let waiting = r#"pix_orga_imports_open{phase="waiting"} 1"#;
    assert!(text.contains(waiting), "{text}");
    assert!(text.contains(r#"pix_orga_imports_oldest_seconds{phase="waiting"}"#));
}
