//! Our metadata, as the GAR reads it: who we are, where answers go, by which certificates our requests are known; and the
//! resource's address, which the GAR knows by its own record.

use std::fmt;

use saml_rs::constants::{Binding, name_id_format};
use saml_rs::metadata::{Endpoint, SpMetadataConfig, generate_sp_metadata};
use saml_rs::model::RelayStateParam;
use url::Url;

use crate::certificate::Certificate;

/// Where our metadata is served. Its full address is our entityID: the GAR asks for it.
pub const METADATA_PATH: &str = "/gar/metadata";
/// Where the GAR's answers are posted.
pub const ACS_PATH: &str = "/gar/acs";
/// Where the médiacentre sends pupils, unless the resource is declared elsewhere.
pub const RESOURCE_PATH: &str = "/gar/login";
/// Bytes of a `RelayState`: SAML bindings, 3.4.3. The library makes no request with more.
pub const RELAY_STATE_BYTES_MAX: usize = 80;

/// The resource's address as its record in `ScoLomFR` declares it to the GAR. Every request carries it as `RelayState`,
/// to the letter: the GAR refuses a request without it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceUrl(String);

/// Why a text cannot be the resource's address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ResourceUrlRefusal {
    /// It is no address of http or https, or has blanks.
    #[error("not an address of http or https")]
    NotAnAddress,
    /// It has more than [`RELAY_STATE_BYTES_MAX`] bytes.
    #[error("{bytes} bytes, more than a RelayState may have")]
    TooLong {
        /// How many it has.
        bytes: usize,
    },
}

impl ResourceUrl {
    /// Takes an address as it was declared: nothing of it is rewritten.
    ///
    /// # Errors
    /// [`ResourceUrlRefusal`].
    pub fn parse(declared: &str) -> Result<Self, ResourceUrlRefusal> {
        let odd = |character: char| character.is_whitespace() || character.is_control();
        let is_address = Url::parse(declared)
            .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        if !is_address || declared.contains(odd) {
            return Err(ResourceUrlRefusal::NotAnAddress);
        }
        if declared.len() > RELAY_STATE_BYTES_MAX {
            let bytes = declared.len();
            return Err(ResourceUrlRefusal::TooLong { bytes });
        }
        Ok(Self(declared.to_owned()))
    }

    /// The address of a resource that is declared where pupils enter this site. `public_url` has no final slash.
    ///
    /// # Errors
    /// [`ResourceUrlRefusal`].
    pub fn of_site(public_url: &str) -> Result<Self, ResourceUrlRefusal> {
        Self::parse(&format!("{public_url}{RESOURCE_PATH}"))
    }

    /// The address, as declared.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What the library puts in a request.
    pub(crate) fn relay_state(&self) -> Result<RelayStateParam, saml_rs::SamlError> {
        RelayStateParam::try_from_option(Some(self.as_str()))
    }
}

impl fmt::Display for ResourceUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

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
    fn the_resource_s_address_is_kept_to_the_letter_within_what_a_relay_state_holds() {
        for declared in [
            "https://orga.example.invalid",
            "https://ORGA.example.invalid/gar/login?a=b&c=%C3%A9",
            "http://127.0.0.1:8080/gar/login",
        ] {
            let read = ResourceUrl::parse(declared).unwrap();
            assert_eq!(read.as_str(), declared);
            assert_eq!(read.relay_state().unwrap().as_deref(), Some(declared));
        }
        let site = ResourceUrl::of_site("https://orga.example.invalid").unwrap();
        assert_eq!(site.as_str(), "https://orga.example.invalid/gar/login");
        for other in [
            "",
            "orga.example.invalid/gar/login",
            "ark:/12345/abc",
            "javascript:alert(1)",
            "https://orga.example.invalid/ gar",
            " https://orga.example.invalid/",
            "https://orga.example.invalid/\n",
        ] {
            let refused = ResourceUrl::parse(other);
            assert_eq!(refused, Err(ResourceUrlRefusal::NotAnAddress), "{other:?}");
        }
        let of_length =
            |bytes: usize| format!("https://orga.example.invalid/{}", "a".repeat(bytes - 29));
        let longest = ResourceUrl::parse(&of_length(RELAY_STATE_BYTES_MAX)).unwrap();
        assert!(longest.relay_state().is_ok());
        assert_eq!(
            ResourceUrl::parse(&of_length(RELAY_STATE_BYTES_MAX + 1)),
            Err(ResourceUrlRefusal::TooLong { bytes: 81 })
        );
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
