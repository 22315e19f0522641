#!/usr/bin/env bash
# saml-rs 0.6.1 (crates.io): of two Attribute elements of one Name, the session keeps the second one's value when it has
# one, and loses them all when it has several. SAML lets a provider write either; other libraries merge both.
set -euo pipefail

version=0.6.1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir src
cat > Cargo.toml <<TOML
[package]
name = "twice"
version = "0.0.0"
edition = "2021"
[dependencies]
saml-rs = { version = "=$version", default-features = false }
[workspace]
TOML
cat > src/main.rs <<'RUST'
use saml_rs::raw::FlowResult;
use saml_rs::xml::{extract, fields};
use saml_rs::SsoSession;

/// The session made of a response whose second `UAI` element has these values.
fn session(second: &[&str]) -> SsoSession {
    let value = |text: &&str| format!("<saml:AttributeValue>{text}</saml:AttributeValue>");
    let element = |values: &[&str]| {
        let values: String = values.iter().map(value).collect();
        format!("<saml:Attribute Name=\"UAI\">{values}</saml:Attribute>")
    };
    let assertion = format!(
        "<saml:Assertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"_a\" Version=\"2.0\" \
         IssueInstant=\"2026-09-01T08:00:00Z\"><saml:Issuer>https://idp.invalid</saml:Issuer><saml:Subject>\
         <saml:NameID>_n</saml:NameID></saml:Subject><saml:AuthnStatement AuthnInstant=\"2026-09-01T08:00:00Z\"/>\
         <saml:AttributeStatement>{}{}</saml:AttributeStatement></saml:Assertion>",
        element(&["9900001A"]),
        element(second),
    );
    let response = format!(
        "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"_r\" Version=\"2.0\" \
         IssueInstant=\"2026-09-01T08:00:00Z\">{assertion}</samlp:Response>"
    );
    let read = extract(&response, &fields::login_response_fields(&assertion)).expect("well-formed");
    let flow = FlowResult { saml_content: response, extract: read, sig_alg: None };
    SsoSession::try_from(flow).expect("a session")
}

fn main() {
    for second in [&["9900002B"][..], &["9900002B", "9900003C"]] {
        let session = session(second);
        let uai = session.attributes().get("UAI").expect("UAI");
        let kept: Vec<&str> = uai.values().iter().map(|one| one.as_str()).collect();
        println!("[9900001A] then {second:?}: {kept:?}");
    }
}
RUST
seen=$(cargo run --quiet)
echo "saml-rs $version"
echo "$seen"
expected='[9900001A] then ["9900002B"]: ["9900001A", "9900002B"]
[9900001A] then ["9900002B", "9900003C"]: ["9900001A"]'
[ "$seen" = "$expected" ]
