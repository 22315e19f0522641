//! What this crate's tests are made of: certificates, and the metadata of a provider that holds them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rcgen::{CertificateParams, DnType, KeyPair, PKCS_RSA_SHA256, RsaKeySize, date_time_ymd};

pub mod answers;

/// A day, as `date_time_ymd` takes it.
pub type Day = (i32, u8, u8);

/// A certificate in base64, for a fresh RSA key of 2048 bits, from the start of 2020 to a day.
pub fn rsa_certificate(name: &str, until: Day) -> String {
    certificate_of(&rsa_key(), name, until)
}

/// A fresh RSA key of 2048 bits.
pub fn rsa_key() -> KeyPair {
    KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048).unwrap()
}

/// A key and a certificate of its own, as our keys' files hold them.
pub fn pem_of(key: &KeyPair) -> String {
    let certificate = CertificateParams::default().self_signed(key).unwrap();
    format!("{}{}", key.serialize_pem(), certificate.pem())
}

/// A certificate in base64 for a key.
pub fn certificate_of(key: &KeyPair, name: &str, (year, month, day): Day) -> String {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(year, month, day);
    STANDARD.encode(params.self_signed(key).unwrap().der())
}

/// A `KeyDescriptor`; `usage` is its attribute, such as `use="signing"`, or nothing.
pub fn key(usage: &str, certificate: &str) -> String {
    format!(
        "<md:KeyDescriptor {usage}><ds:KeyInfo><ds:X509Data><ds:X509Certificate>\n{certificate}\n\
         </ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
    )
}

/// A metadata file that holds these elements in its `IDPSSODescriptor`.
pub fn metadata(inside: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#"
    entityID="https://idp.example.invalid/idp/metadata">
  <md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">{inside}</md:IDPSSODescriptor>
</md:EntityDescriptor>"#
    )
}

/// A `SingleSignOnService` by HTTP-Redirect.
pub fn address(location: &str) -> String {
    format!(
        r#"<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="{location}"/>"#
    )
}
