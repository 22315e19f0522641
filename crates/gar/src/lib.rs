//! Pupils sign in by the GAR (*Gestionnaire d'accès aux ressources*): the SAML 2.0 service provider.
//!
//! What the identity provider posts is looked at twice: by a gate that knows the shape of an honest response and no
//! cryptography, then by a library that verifies it. What both read must agree.

pub mod certificate;
mod claims;
mod gate;
mod identity;
pub mod keys;
mod library;
pub mod metadata;
mod policy;
pub mod reason;
pub mod refresh;
pub mod served;
pub mod sign_in;
pub mod verify;

#[cfg(test)]
mod testing;
