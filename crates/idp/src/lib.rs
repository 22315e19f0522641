//! A small SAML 2.0 identity provider, for the demonstration: it reads a signed request and signs real assertions, so
//! that what a pupil does in the demonstration goes through every line of the real road.
