//! Pages for people. Handlers extract, parse to a command, call one use case and render; nothing here decides.
//!
//! [`App`] holds the use cases, never an adapter. [`router()`] is the whole site. A refusal of the domain becomes a
//! status and a French text in one table, [`refusals`].

pub mod app;
pub mod page;
pub mod texts;
pub mod views;

pub mod cookies;
pub mod extract;
pub mod forms;
pub mod refusals;
pub mod visitor;
pub mod wait;

mod assets;
pub mod client;
mod headers;
pub mod operating;
pub mod problem;
pub mod uploads;

pub mod pupil;

mod access;
mod account;
mod space;

pub mod router;

#[cfg(test)]
mod samples;

pub use app::{App, GarSettings, Settings};
pub use router::router;

/// As templates call it.
pub use texts::t;
