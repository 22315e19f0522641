//! Mails to real servers that nobody here wrote, behind a proxy that cuts, delays and refuses.
#![expect(clippy::unwrap_used, reason = "a test says what is wrong by panicking")]

#[path = "servers/certificate.rs"]
mod certificate;
#[path = "servers/house.rs"]
mod house;
#[path = "servers/proxy.rs"]
mod proxy;
#[path = "servers/server.rs"]
mod server;

#[path = "servers/answers.rs"]
mod answers;
#[path = "servers/encryption.rs"]
mod encryption;
#[path = "servers/exim.rs"]
mod exim;
#[path = "servers/network.rs"]
mod network;
