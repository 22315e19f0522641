//! What every adapter of the stores must do, one clause for each rule.
//!
//! A clause is `pub async fn rule(stores: Stores)` on fresh stores. Each subject has a file of clauses and, in it, a
//! macro that lists them by [`crate::clauses!`]; [`crate::contract!`] lists the subjects.
#![expect(missing_docs, reason = "a clause's name is its rule")]

use std::future::Future;

pub mod account;
pub mod audit;
pub mod campaign;
pub mod comparing;
pub mod dossier;
pub mod due;
pub mod due_night;
pub mod forgetting;
pub mod guessing;
pub mod import;
pub mod importing;
pub mod installation;
pub mod invitation;
pub mod invitation_ends;
pub mod judging;
pub mod leaving;
pub mod linking;
pub mod listing;
pub mod moving;
pub mod newcomers;
pub mod numbers;
pub mod organization;
pub mod outbox;
pub mod outgoing;
pub mod pupil;
pub mod reconciliation;
pub mod replacement;
pub mod request;
pub mod retention;
pub mod roster;
pub mod session;
pub mod settling;
pub mod sign_in;
pub mod signing_in;
pub mod team;
pub mod terms;
pub mod throttle;
pub mod unsigned_school;
pub mod vitals;

/// How many times two writes meet, where a clause lets them.
pub const ROUNDS: u32 = 20;

/// Runs two things at once, on two threads when there are two.
pub async fn at_once<T: Send + 'static>(
    one: impl Future<Output = T> + Send + 'static,
    two: impl Future<Output = T> + Send + 'static,
) -> [T; 2] {
    let (one, two) = (tokio::spawn(one), tokio::spawn(two));
    [one.await.unwrap(), two.await.unwrap()]
}

/// Every clause of every subject as a test, on the stores that `$fresh`, an `async fn() -> Stores` in scope, makes.
#[macro_export]
macro_rules! contract {
    ($fresh:ident) => {
        $crate::audit_contract!($fresh);
        $crate::outbox_contract!($fresh);
        $crate::outgoing_contract!($fresh);
        $crate::installation_contract!($fresh);
        $crate::organization_contract!($fresh);
        $crate::replacement_contract!($fresh);
        $crate::account_contract!($fresh);
        $crate::session_contract!($fresh);
        $crate::terms_contract!($fresh);
        $crate::throttle_contract!($fresh);
        $crate::signing_in_contract!($fresh);
        $crate::team_contract!($fresh);
        $crate::invitation_contract!($fresh);
        $crate::invitation_ends_contract!($fresh);
        $crate::roster_contract!($fresh);
        $crate::numbers_contract!($fresh);
        $crate::listing_contract!($fresh);
        $crate::import_contract!($fresh);
        $crate::importing_contract!($fresh);
        $crate::pupil_contract!($fresh);
        $crate::sign_in_contract!($fresh);
        $crate::campaign_contract!($fresh);
        $crate::linking_contract!($fresh);
        $crate::comparing_contract!($fresh);
        $crate::request_contract!($fresh);
        $crate::judging_contract!($fresh);
        $crate::reconciliation_contract!($fresh);
        $crate::unsigned_school_contract!($fresh);
        $crate::guessing_contract!($fresh);
        $crate::newcomers_contract!($fresh);
        $crate::settling_contract!($fresh);
        $crate::moving_contract!($fresh);
        $crate::due_contract!($fresh);
        $crate::due_night_contract!($fresh);
        $crate::retention_contract!($fresh);
        $crate::forgetting_contract!($fresh);
        $crate::dossier_contract!($fresh);
        $crate::vitals_contract!($fresh);
        $crate::leaving_contract!($fresh);
    };
}

/// The clauses of a subject as tests, in a module of its name.
#[macro_export]
macro_rules! clauses {
    ($fresh:ident, $subject:ident: $($clause:ident,)+) => {
        mod $subject {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $clause() {
                    $crate::contract::$subject::$clause(super::$fresh().await).await;
                }
            )+
        }
    };
}
