//! Why an answer of the identity provider is refused: one name for each cause, for the log alone. The pupil sees one
//! page, whatever the cause.

/// Declares the causes with their stable codes.
macro_rules! reasons {
    ($($(#[$doc:meta])* $variant:ident = $code:literal,)*) => {
        /// A cause of refusal. It holds nothing of the answer, so that it may be logged.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
        pub enum Reason {
            $($(#[$doc])* #[error($code)] $variant,)*
        }

        impl Reason {
            /// Every cause.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Its code, which never changes: operators search for it.
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }
        }
    };
}

reasons! {
    // What the browser brought is not the text of one honest response.
    /// It is not base64, as RFC 4648 writes it, padding included and without blanks.
    NotBase64 = "not_base64",
    /// More bytes than a response may have.
    TooLong = "too_long",
    /// The bytes are not UTF-8.
    NotUtf8 = "not_utf8",
    /// More elements inside one another than a response may have.
    TooDeep = "too_deep",
    /// More nodes than a response may have.
    TooManyNodes = "too_many_nodes",
    /// More XML attributes on an element, or declarations of namespaces, than a response may have.
    TooManyAttributes = "too_many_attributes",
    /// A document type: entities have no place here.
    Dtd = "dtd",
    /// A processing instruction.
    ProcessingInstruction = "processing_instruction",
    /// A CDATA section: parsers disagree on what a signature makes of it.
    Cdata = "cdata",
    /// Not well-formed XML.
    NotWellFormed = "not_well_formed",
    /// A comment inside the assertion: parsers disagree on the text around it.
    Comment = "comment",

    // Its elements are not those of one response that holds one signed assertion.
    /// The root is not a `Response` of SAML 2.0.
    NotAResponse = "not_a_response",
    /// A `Version` that is not 2.0.
    Version = "version",
    /// No `Status`, several, or one without its code.
    NoStatus = "no_status",
    /// The provider says that the sign-in failed.
    StatusFailed = "status_failed",
    /// An encrypted element: encryption is off.
    Encrypted = "encrypted",
    /// No assertion under the response.
    NoAssertion = "no_assertion",
    /// Several assertions, wherever they are.
    SeveralAssertions = "several_assertions",
    /// An element that no honest response has there.
    UnexpectedElement = "unexpected_element",
    /// An attribute of another namespace that passes for one of SAML's.
    ForeignAttribute = "foreign_attribute",
    /// An element without the identifier it must have.
    NoId = "no_id",
    /// Two elements with one identifier.
    DuplicateId = "duplicate_id",

    // Its signature is not the one that is asked for.
    /// The assertion has no signature of its own.
    Unsigned = "unsigned",
    /// Several signatures where there may be one.
    SeveralSignatures = "several_signatures",
    /// A signature without its parts, or with one of them twice.
    SignatureShape = "signature_shape",
    /// A signature that holds an `Object`.
    SignatureObject = "signature_object",
    /// The signature does not refer to one thing.
    NotOneReference = "not_one_reference",
    /// The signature refers to something else than the element it is in.
    ReferenceElsewhere = "reference_elsewhere",
    /// Other transforms than enveloped-signature, then exclusive canonicalization.
    Transforms = "transforms",
    /// Another canonicalization than the exclusive one, without comments.
    Canonicalization = "canonicalization",
    /// Another signature than RSA with SHA-256 or more.
    SignatureAlgorithm = "signature_algorithm",
    /// Another digest than SHA-256 or more.
    DigestAlgorithm = "digest_algorithm",

    // What it says is not whole.
    /// An element that there must be one of is missing, or is there twice.
    NotOneElement = "not_one_element",
    /// An element that must hold a text alone holds something else, or nothing.
    NotAText = "not_a_text",
    /// An instant that is not written as SAML writes it: UTC, with a final `Z`.
    Instant = "instant",
    /// An attribute without a name.
    AttributeName = "attribute_name",
    /// A value of an attribute that holds elements.
    AttributeMarkup = "attribute_markup",
    /// No `IDO`, or an empty one.
    NoIdo = "no_ido",
    /// Several values where a person has one: `IDO`, `NOM`.
    SeveralValues = "several_values",
    /// An `IDO` that cannot be one: too long.
    IdoShape = "ido_shape",
    /// The response does not say to whom it is addressed.
    NoDestination = "no_destination",
    /// The response answers no request: we ask for every sign-in.
    Unsolicited = "unsolicited",
    /// The subject is not confirmed by bearer, for us and for a while.
    SubjectConfirmation = "subject_confirmation",
    /// The assertion has no end.
    NoEnd = "no_end",
    /// The assertion is for anybody: no audience.
    NoAudience = "no_audience",

    // It says something else than what was asked, or not now.
    /// Another issuer than the provider.
    Issuer = "issuer",
    /// The assertion is for another service.
    Audience = "audience",
    /// The response is addressed elsewhere.
    Destination = "destination",
    /// The subject is confirmed for another address.
    Recipient = "recipient",
    /// It answers another request.
    InResponseTo = "in_response_to",
    /// The assertion is over.
    Expired = "expired",
    /// The confirmation of the subject is over.
    ConfirmationExpired = "confirmation_expired",
    /// The assertion is not valid yet.
    NotYet = "not_yet",
    /// It was issued, or the person authenticated, in the future.
    FromTheFuture = "from_the_future",
    /// It was issued too long ago.
    Stale = "stale",
    /// The provider's own session is over.
    SessionOver = "session_over",

    // The signature does not hold.
    /// The provider's metadata are past their `validUntil`: they must be refreshed.
    MetadataOver = "metadata_over",
    /// Every signing certificate of the provider has ended, or has not begun: the metadata must be refreshed.
    NoValidCertificate = "no_valid_certificate",
    /// The signature names a certificate that is not one of the provider's, or has ended.
    UnknownCertificate = "unknown_certificate",
    /// The signature is not the provider's, or what it signed has changed.
    SignatureInvalid = "signature_invalid",
    /// The verified signature does not cover the assertion that was read.
    NotCovered = "not_covered",
    /// The library refuses it, for a cause that the gate has not seen.
    Library = "library",
    /// The gate and the library read different things.
    ReadingsDiffer = "readings_differ",

    // The sign-in is not one that this browser began, and may end.
    /// No request of ours has this identifier, or it is forgotten.
    UnknownRequest = "unknown_request",
    /// The request began too long ago.
    RequestOver = "request_over",
    /// Another browser began it, or this one lost its cookie.
    OtherBrowser = "other_browser",
    /// Our request could not be made: keys or addresses are wrong.
    RequestNotMade = "request_not_made",
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::Reason;

    #[test]
    fn each_cause_has_a_code_of_its_own_and_says_it() {
        let codes: BTreeSet<_> = Reason::ALL.iter().map(|reason| reason.code()).collect();
        assert_eq!(codes.len(), Reason::ALL.len());
        assert!(Reason::ALL.iter().all(|one| one.to_string() == one.code()));
    }
}
