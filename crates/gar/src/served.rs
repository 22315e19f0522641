//! Our metadata, as the GAR reads it: who we are, where answers go, by which certificates our requests are known.

use saml_rs::constants::{Binding, name_id_format};
use saml_rs::metadata::{Endpoint, SpMetadataConfig, generate_sp_metadata};

use crate::certificate::Certificate;

/// Where our metadata is served. Its full address is our entityID: the GAR asks for it.
pub const METADATA_PATH: &str = "/gar/metadata";
/// Where the GAR's answers are posted.
pub const ACS_PATH: &str = "/gar/acs";

/// Our entityID. `public_url` has no final slash.
pub fn entity_id(public_url: &str) -> String {
    format!("{public_url}{METADATA_PATH}")
}

/// Our `AssertionConsumerService`. `public_url` has no final slash.
pub(crate) fn acs_url(public_url: &str) -> String {
    format!("{public_url}{ACS_PATH}")
}

/// The document. Every certificate is in it, the first being the one that signs: a rotation declares the next one
/// before it serves. No `SingleLogoutService`: single logout is not offered.
pub fn document<'a>(
    public_url: &str,
    certificates: impl IntoIterator<Item = &'a Certificate>,
) -> String {
    let acs = Endpoint {
        is_default: true,
        ..Endpoint::new(Binding::Post, acs_url(public_url))
    };
    generate_sp_metadata(&SpMetadataConfig {
        entity_id: entity_id(public_url),
        signing_certs: certificates.into_iter().map(Certificate::base64).collect(),
        authn_requests_signed: true,
        want_assertions_signed: true,
        name_id_format: vec![name_id_format::TRANSIENT.to_owned()],
        assertion_consumer_service: vec![acs],
        ..SpMetadataConfig::default()
    })
}

#[cfg(test)]
mod tests {
    use roxmltree::Document;
    use saml_rs::constants::CertUse;
    use saml_rs::metadata::SpMetadata;

    use super::*;
    use crate::testing::rsa_certificate;

    #[test]
    fn the_gar_reads_who_we_are_and_both_our_certificates() {
        let certificates = ["first", "second"].map(|name| {
            let text = rsa_certificate(name, (2030, 1, 1));
            Certificate::from_base64(&text, 2048).unwrap()
        });
        let xml = document("https://orga.example.invalid", &certificates);
        let read = SpMetadata::from_xml(&xml).unwrap();
        assert_eq!(
            read.get_entity_id(),
            Some("https://orga.example.invalid/gar/metadata")
        );
        assert_eq!(
            read.get_assertion_consumer_service(Binding::Post)
                .as_deref(),
            Some("https://orga.example.invalid/gar/acs")
        );
        assert!(read.is_authn_request_signed() && read.is_want_assertions_signed());
        assert_eq!(
            read.x509_certificates(CertUse::Signing),
            certificates.each_ref().map(Certificate::base64)
        );
        assert!(read.x509_certificates(CertUse::Encryption).is_empty());
        assert!(read.get_support_bindings().is_empty());
        assert_eq!(read.get_name_id_format(), [name_id_format::TRANSIENT]);
    }

    #[test]
    fn the_document_is_xml_with_an_address_that_needs_escaping() {
        let text = rsa_certificate("one", (2030, 1, 1));
        let certificate = Certificate::from_base64(&text, 2048).unwrap();
        let xml = document("https://orga.example.invalid/a&b", [&certificate]);
        let tree = Document::parse(&xml).unwrap();
        assert_eq!(
            tree.root_element().attribute("entityID"),
            Some("https://orga.example.invalid/a&b/gar/metadata")
        );
    }
}
