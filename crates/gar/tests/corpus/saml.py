"""Responses as an identity provider writes them, before they are signed."""

import dataclasses
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
SAMLP = "urn:oasis:names:tc:SAML:2.0:protocol"
DS = "http://www.w3.org/2000/09/xmldsig#"
XS = "http://www.w3.org/2001/XMLSchema"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
INCLUSIVE = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
ENVELOPED = DS + "enveloped-signature"
RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
RSA_SHA512 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
SHA512 = "http://www.w3.org/2001/04/xmlenc#sha512"

# What the test expects: it holds the same constants.
PROVIDER = "https://idp.gar.invalid/idp/metadata"
PROVIDER_LOGIN = "https://idp.gar.invalid/idp/profile/SAML2/Redirect/SSO"
SERVICE = "https://orga.invalid/gar/metadata"
ACS = "https://orga.invalid/gar/acs"
REQUEST = "_4f1c9d2e7ab35608"
NOW = "2026-10-05T08:30:00Z"
SOON = "2026-10-05T08:35:00Z"
EVENING = "2026-10-05T18:00:00Z"
RESPONSE_ID = "_r0f3a"
ASSERTION_ID = "_a71be"

IDO = "5d3c" * 32
VICTIM_IDO = "e7a1" * 32

PUPIL = [
    ("IDO", [IDO]),
    ("UAI", ["0810004P"]),
    ("PRO", ["National_elv"]),
    ("NOM", ["LEFEVRE"]),
    ("PRE", ["Zoé"]),
    ("CIV", ["Mme"]),
    ("DIV", ["3A##3EME A"]),
    ("GRO", ["3LATIN##Latin 3e##3A"]),
]


def pupil(**changes):
    """The pupil's attributes; `NAME=[...]` gives others, `NAME=None` none."""
    kept = [(name, changes.get(name, values)) for name, values in PUPIL]
    return [(name, values) for name, values in kept if values is not None]


@dataclass
class Signing:
    """What a signature announces."""

    algorithm: str = RSA_SHA256
    digest: str = SHA256
    canonical: str = EXCLUSIVE
    transforms: tuple = (ENVELOPED, EXCLUSIVE)
    key_info: str = ""
    uri: str = None
    references: int = 1
    inside: str = ""


@dataclass
class Shape:
    """One response. `None` leaves an attribute or an element out."""

    saml: str = "saml"
    samlp: str = "samlp"
    ds: str = "ds"
    at_root: bool = False
    pretty: bool = False
    response_id: str = RESPONSE_ID
    assertion_id: str = ASSERTION_ID
    version: str = "2.0"
    assertion_version: str = "2.0"
    issued: str = NOW
    destination: str = ACS
    in_response_to: str = REQUEST
    response_issuer: str = PROVIDER
    status: str = "urn:oasis:names:tc:SAML:2.0:status:Success"
    sub_status: str = None
    status_detail: str = None
    issuer: str = PROVIDER
    name_id: str = "_transient-9f41"
    method: str = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
    confirmed: bool = True
    confirmed_name_id: str = None
    recipient: str = ACS
    confirmed_request: str = REQUEST
    confirmed_until: str = SOON
    confirmed_from: str = None
    conditions: bool = True
    valid_from: str = "2026-10-05T08:29:30Z"
    valid_until: str = SOON
    audiences: tuple = ((SERVICE,),)
    condition: str = ""
    statement: bool = True
    statements: int = 1
    authenticated: str = "2026-10-05T08:29:50Z"
    session_until: str = EVENING
    attributes: list = field(default_factory=pupil)
    attribute_text: str = None
    second_statement: list = field(default_factory=list)
    typed: bool = False
    name_format: str = None
    extensions: str = ""
    advice: str = ""
    assertion_signing: Signing = field(default_factory=Signing)
    response_signing: Signing = None


def shape(**changes):
    return dataclasses.replace(Shape(), **changes)


def attributes_of(pairs):
    return "".join(f" {name}={quoteattr(value)}" for name, value in pairs if value is not None)


class Writer:
    """Writes one shape."""

    def __init__(self, wanted):
        self.wanted = wanted

    def tag(self, prefix, name, pairs=(), inside="", namespaces=()):
        qualified = f"{prefix}:{name}" if prefix else name
        declared = [(f"xmlns:{p}" if p else "xmlns", uri) for p, uri in namespaces]
        start = f"<{qualified}{attributes_of([*declared, *pairs])}"
        return f"{start}>{inside}</{qualified}>" if inside else f"{start}/>"

    def saml(self, name, pairs=(), inside="", namespaces=()):
        return self.tag(self.wanted.saml, name, pairs, inside, namespaces)

    def samlp(self, name, pairs=(), inside="", namespaces=()):
        return self.tag(self.wanted.samlp, name, pairs, inside, namespaces)

    def lines(self, parts):
        """One after the other, or one a line."""
        between = "\n    " if self.wanted.pretty else ""
        return between + between.join(part for part in parts if part) + between

    def signature(self, signing, signed_id):
        def ds(name, pairs=(), inside="", namespaces=()):
            return self.tag(self.wanted.ds, name, pairs, inside, namespaces)

        transforms = "".join(
            transform if transform.startswith("<") else ds("Transform", [("Algorithm", transform)])
            for transform in signing.transforms
        )
        uri = "#" + signed_id if signing.uri is None else signing.uri
        reference = ds(
            "Reference",
            [("URI", uri)],
            ds("Transforms", (), transforms) + ds("DigestMethod", [("Algorithm", signing.digest)]) + ds("DigestValue"),
        )
        information = (
            ds("CanonicalizationMethod", [("Algorithm", signing.canonical)])
            + ds("SignatureMethod", [("Algorithm", signing.algorithm)])
            + reference * signing.references
        )
        inside = ds("SignedInfo", (), information) + ds("SignatureValue") + signing.key_info + signing.inside
        return ds("Signature", (), inside, [(self.wanted.ds, DS)])

    def subject(self):
        w = self.wanted
        name = w.name_id and self.saml(
            "NameID", [("Format", "urn:oasis:names:tc:SAML:2.0:nameid-format:transient")], w.name_id
        )
        data = self.saml(
            "SubjectConfirmationData",
            [
                ("InResponseTo", w.confirmed_request),
                ("NotBefore", w.confirmed_from),
                ("NotOnOrAfter", w.confirmed_until),
                ("Recipient", w.recipient),
            ],
        )
        bearer = self.saml("NameID", (), w.confirmed_name_id) if w.confirmed_name_id else ""
        confirmation = w.confirmed and self.saml("SubjectConfirmation", [("Method", w.method)], bearer + data)
        return self.saml("Subject", (), self.lines([name, confirmation]))

    def conditions(self):
        w = self.wanted
        restrictions = [
            self.saml("AudienceRestriction", (), "".join(self.saml("Audience", (), a) for a in audiences))
            for audiences in w.audiences
        ]
        bounds = [("NotBefore", w.valid_from), ("NotOnOrAfter", w.valid_until)]
        return w.conditions and self.saml("Conditions", bounds, self.lines([*restrictions, w.condition]))

    def statement(self):
        w = self.wanted
        context = self.saml(
            "AuthnContext",
            (),
            self.saml("AuthnContextClassRef", (), "urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified"),
        )
        pairs = [
            ("AuthnInstant", w.authenticated),
            ("SessionIndex", "_s1"),
            ("SessionNotOnOrAfter", w.session_until),
        ]
        return w.statement and self.saml("AuthnStatement", pairs, context) * w.statements

    def attribute(self, name, values):
        w = self.wanted
        typed = [("xsi:type", "xs:string")] if w.typed else []
        texts = [value if value.startswith("<") else escape(value) for value in values]
        values = "".join(self.saml("AttributeValue", typed, text) for text in texts)
        return self.saml("Attribute", [("Name", name), ("NameFormat", w.name_format)], values)

    def assertion(self):
        w = self.wanted
        signing = w.assertion_signing
        attributes = [self.attribute(name, values) for name, values in w.attributes]
        if w.attribute_text is not None:
            attributes.append(w.attribute_text)
        second = [self.attribute(name, values) for name, values in w.second_statement]
        parts = [
            w.issuer and self.saml("Issuer", (), w.issuer),
            signing and self.signature(signing, w.assertion_id),
            self.subject(),
            self.conditions(),
            w.advice and self.saml("Advice", (), w.advice),
            self.statement(),
            self.saml("AttributeStatement", (), self.lines(attributes)),
            second and self.saml("AttributeStatement", (), self.lines(second)),
        ]
        namespaces = [(w.saml, SAML)]
        if w.typed:
            namespaces += [("xs", XS), ("xsi", XSI)]
        pairs = [("ID", w.assertion_id), ("Version", w.assertion_version), ("IssueInstant", w.issued)]
        return self.saml("Assertion", pairs, self.lines(parts), () if w.at_root else namespaces)

    def response(self):
        w = self.wanted
        own = [] if w.at_root else [(w.saml, SAML)]
        code = self.samlp("StatusCode", [("Value", w.sub_status)]) if w.sub_status else ""
        detail = "" if w.status_detail is None else self.samlp("StatusDetail", (), w.status_detail)
        status = w.status and self.samlp("Status", (), self.samlp("StatusCode", [("Value", w.status)], code) + detail)
        parts = [
            w.response_issuer and self.saml("Issuer", (), w.response_issuer, own),
            w.response_signing and self.signature(w.response_signing, w.response_id),
            w.extensions and self.samlp("Extensions", (), w.extensions),
            status,
            self.assertion(),
        ]
        pairs = [
            ("ID", w.response_id),
            ("Version", w.version),
            ("IssueInstant", w.issued),
            ("Destination", w.destination),
            ("InResponseTo", w.in_response_to),
        ]
        namespaces = [(w.samlp, SAMLP)] + ([(w.saml, SAML)] if w.at_root else [])
        return self.samlp("Response", pairs, self.lines(parts), namespaces)


def write(wanted):
    return Writer(wanted).response()


def metadata(certificates, uses):
    """A provider's metadata: one key descriptor for each certificate, of this use, or of any when `None`."""
    keys = "".join(
        f"    <md:KeyDescriptor{attributes_of([('use', use)])}>\n"
        f'      <ds:KeyInfo xmlns:ds="{DS}"><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate>'
        "</ds:X509Data></ds:KeyInfo>\n    </md:KeyDescriptor>\n"
        for certificate, use in zip(certificates, uses)
    )
    return (
        f'<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{PROVIDER}">\n'
        f'  <md:IDPSSODescriptor protocolSupportEnumeration="{SAMLP}">\n{keys}'
        "    <md:NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:transient</md:NameIDFormat>\n"
        '    <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"\n'
        f'      Location="{PROVIDER_LOGIN}"/>\n'
        "  </md:IDPSSODescriptor>\n</md:EntityDescriptor>\n"
    )
