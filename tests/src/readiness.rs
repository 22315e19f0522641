//! What `/readyz` answers while the database is in trouble.

use std::time::{Duration, Instant};

use crate::demo::Demo;

/// Far more than any limit of the product.
const END_MAX: Duration = Duration::from_mins(2);
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// The status and the word of `/readyz` now.
pub async fn readiness(demo: &Demo) -> (u16, String) {
    let answer = reqwest::get(format!("{}/readyz", demo.address())).await;
    let answer = answer.expect("it answers");
    let status = answer.status().as_u16();
    let word = answer.text().await.expect("it ends");
    (status, word.trim().to_owned())
}

/// Asks `/readyz` again and again until it answers this.
///
/// # Panics
/// When it never does.
pub async fn until_readiness_is(demo: &Demo, status: u16, word: &str) {
    let end = Instant::now() + END_MAX;
    loop {
        let said = readiness(demo).await;
        if said == (status, word.to_owned()) {
            return;
        }
        assert!(Instant::now() < end, "/readyz answers {said:?}, not {word}");
        tokio::time::sleep(LOOK_EVERY).await;
    }
}
