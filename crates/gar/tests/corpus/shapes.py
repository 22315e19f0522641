"""Responses that the provider itself signed: honest shapes, and faults of meaning, one by one."""

from saml import (
    DS,
    ENVELOPED,
    EXCLUSIVE,
    INCLUSIVE,
    RSA_SHA512,
    SERVICE,
    SHA512,
    IDO,
    VICTIM_IDO,
    Signing,
    pupil,
    shape,
)

OTHER = "https://autre.invalid/gar"
BEFORE_LONG = "2026-10-05T08:28:50Z"
JUST_BEFORE = "2026-10-05T08:29:30Z"
JUST_AFTER = "2026-10-05T08:30:30Z"
AFTER_LONG = "2026-10-05T08:31:10Z"
# 72,000 seconds after: what a well-known provider gives by default.
TWENTY_HOURS = "2026-10-06T04:30:00Z"
NEXT_YEAR = "2027-10-05T08:30:00Z"
DETAIL = 'fait<Cause>rien</Cause><x:Cause xmlns:x="urn:x" code="0"><x:Deeper/></x:Cause>'
INCLUSIVE_NAMESPACES = (
    f'<ds:Transform Algorithm="{EXCLUSIVE}"><ec:InclusiveNamespaces xmlns:ec="{EXCLUSIVE}" PrefixList="xs"/>'
    "</ds:Transform>"
)
XPATH = (
    '<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116">'
    "<ds:XPath>not(ancestor-or-self::*[local-name()='Attribute'])</ds:XPath></ds:Transform>"
)
XPATH_2 = (
    '<ds:Transform Algorithm="http://www.w3.org/2002/06/xmldsig-filter2">'
    '<f:XPath xmlns:f="http://www.w3.org/2002/06/xmldsig-filter2" Filter="subtract">'
    "//*[local-name()='AttributeStatement']</f:XPath></ds:Transform>"
)
XSLT = (
    '<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116">'
    '<xsl:stylesheet xmlns:xsl="http://www.w3.org/1999/XSL/Transform" version="1.0">'
    '<xsl:template match="/"><same/></xsl:template></xsl:stylesheet></ds:Transform>'
)
BASE64 = DS + "base64"
RSA_SHA1 = DS + "rsa-sha1"
SHA1 = DS + "sha1"
RSA_SHA384 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384"
SHA384 = "http://www.w3.org/2001/04/xmldsig-more#sha384"
SHA224 = "http://www.w3.org/2001/04/xmldsig-more#sha224"
RSA_SHA224 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha224"
ECDSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"
WRITTEN_RETURN = '<saml:Attribute Name="MAIL"><saml:AttributeValue>a&#13;&#10;b&#xD;c</saml:AttributeValue></saml:Attribute>'
ANOTHER = pupil(IDO=[VICTIM_IDO], UAI=["0810990A"], NOM=["MARTIN"], PRE=["Adèle"], DIV=["6B##6EME B"])


def honest():
    """Name, shape: each must be accepted, with exactly the identity it holds."""
    awkward = pupil(NOM=["D'ÉTÉ & <Fils> \"Œuvré\""], PRE=["Maëlys-Łucja"], DIV=["6 É##6ÈME « É »"])
    yield "plain", shape()
    yield "prefix-saml2", shape(saml="saml2", samlp="saml2p")
    yield "prefix-none", shape(saml="", samlp="")
    yield "prefix-none-signature", shape(ds="")
    yield "prefix-ns", shape(saml="ns1", samlp="ns0", ds="ns2")
    yield "prefix-declared-at-root", shape(at_root=True)
    yield "pretty", shape(pretty=True)
    yield "response-signed-too", shape(response_signing=Signing())
    yield "several-uai", shape(attributes=pupil(UAI=["0810004P", "0810990A", "0810991B"]))
    yield "several-divisions", shape(attributes=pupil(DIV=["3A##3EME A", "3LV2##3 LV2"]))
    yield "no-division", shape(attributes=pupil(DIV=None, GRO=None))
    yield "no-civility", shape(attributes=pupil(CIV=None))
    yield "accents-and-entities", shape(attributes=awkward)
    yield "profile-in-other-case", shape(attributes=pupil(PRO=["NATIONAL_ELV"]))
    yield "typed-values", shape(typed=True)
    yield "inclusive-namespaces", shape(
        typed=True, assertion_signing=Signing(transforms=(ENVELOPED, INCLUSIVE_NAMESPACES))
    )
    yield "name-format-basic", shape(name_format="urn:oasis:names:tc:SAML:2.0:attrname-format:basic")
    yield "sha384", shape(assertion_signing=Signing(algorithm=RSA_SHA384, digest=SHA384))
    yield "sha512", shape(assertion_signing=Signing(algorithm=RSA_SHA512, digest=SHA512))
    yield "two-audiences-one-is-ours", shape(audiences=((OTHER, SERVICE),))
    yield "no-session-end", shape(session_until=None)
    yield "no-not-before", shape(valid_from=None)
    yield "skewed-not-before", shape(valid_from=JUST_AFTER)
    yield "skewed-conditions-end", shape(valid_until=JUST_BEFORE)
    yield "skewed-confirmation-end", shape(confirmed_until=JUST_BEFORE)
    yield "teacher", shape(attributes=pupil(PRO=["National_ens"], DIV=None))
    yield "another-pupil", shape(response_id="_r1", assertion_id="_b82cf", attributes=ANOTHER)
    yield "long-ido", shape(attributes=pupil(IDO=["f" * 300]))
    yield "blanks-around-ido", shape(attributes=pupil(IDO=[f"\n    {IDO}\n  "]))
    yield "lives-twenty-hours", shape(valid_until=TWENTY_HOURS, confirmed_until=TWENTY_HOURS)
    yield "lives-a-year", shape(valid_until=NEXT_YEAR, confirmed_until=NEXT_YEAR, session_until=NEXT_YEAR)
    yield "one-name-twice", shape(attributes=[*pupil(), ("UAI", ["0810990A"])])
    yield "one-name-twice-several-values", shape(attributes=[*pupil(), ("UAI", ["0810990A", "0810991B"])])
    yield "one-name-twice-one-empty", shape(attributes=[("UAI", []), *pupil()])
    yield "two-statements-of-attributes", shape(attributes=pupil()[:3], second_statement=pupil()[3:])
    yield "two-statements-share-a-name", shape(second_statement=[("UAI", ["0810990A", "0810991B"]), ("DIV", ["3B##3B"])])
    yield "profile-of-a-pupil-twice", shape(attributes=[*pupil(), ("PRO", ["NATIONAL_ELV", ""])])
    yield "given-names", shape(attributes=pupil(PRE=["Zoé", "Adèle"]))
    yield "given-names-in-two-elements", shape(attributes=[*pupil(), ("PRE", ["Adèle"])])
    yield "name-twice-the-same", shape(attributes=[*pupil(), ("NOM", ["LEFEVRE"])])
    yield "status-detail", shape(status_detail=DETAIL)
    yield "status-detail-empty", shape(status_detail="")
    yield "status-detail-signed", shape(status_detail=DETAIL, response_signing=Signing())
    yield "bearer-is-the-subject", shape(confirmed_name_id="_transient-9f41")
    yield "pretty-line-in-value", shape(pretty=True, attributes=pupil(GRO=["3LATIN##Latin\n3e##3A"]))
    yield "carriage-return-written", shape(attribute_text=WRITTEN_RETURN)


def algorithms():
    """Name, shape, key: signed by the provider, in a way we do not take."""

    def signed(**changes):
        return shape(assertion_signing=Signing(**changes))

    yield "rsa-sha1", signed(algorithm=RSA_SHA1), "first"
    yield "digest-sha1", signed(digest=SHA1), "first"
    yield "rsa-sha1-digest-sha1", signed(algorithm=RSA_SHA1, digest=SHA1), "first"
    yield "digest-sha224", signed(digest=SHA224), "first"
    yield "rsa-sha224", signed(algorithm=RSA_SHA224), "first"
    yield "ecdsa-not-in-metadata", signed(algorithm=ECDSA_SHA256), "curve"
    yield "transform-xpath", signed(transforms=(ENVELOPED, XPATH, EXCLUSIVE)), "first"
    yield "transform-xpath-filter-2", signed(transforms=(ENVELOPED, XPATH_2, EXCLUSIVE)), "first"
    yield "transform-xslt", signed(transforms=(ENVELOPED, XSLT)), "first"
    yield "transform-base64", signed(transforms=(ENVELOPED, BASE64)), "first"
    yield "transform-inclusive", signed(transforms=(ENVELOPED, INCLUSIVE)), "first"
    yield "transform-with-comments", signed(transforms=(ENVELOPED, EXCLUSIVE + "WithComments")), "first"
    yield "transform-enveloped-alone", signed(transforms=(ENVELOPED,)), "first"
    yield "transform-twice", signed(transforms=(ENVELOPED, EXCLUSIVE, EXCLUSIVE)), "first"
    yield "canonical-inclusive", signed(canonical=INCLUSIVE), "first"
    yield "canonical-with-comments", signed(canonical=EXCLUSIVE + "WithComments"), "first"
    yield "reference-empty", signed(uri=""), "first"
    yield "reference-to-response", signed(uri="#_r0f3a"), "first"
    yield "reference-xpointer", signed(uri="#xpointer(id('_a71be'))"), "first"
    yield "reference-xpointer-root", signed(uri="#xpointer(/)"), "first"
    yield "reference-twice", signed(references=2), "first"
    yield "object-beside", signed(inside="<ds:Object>beside</ds:Object>"), "first"


def times_and_places():
    """Name, shape: one bound or one address is not what it must be."""
    yield "audience-other", shape(audiences=((OTHER,),))
    yield "audience-none", shape(audiences=())
    yield "audience-empty", shape(audiences=(("",),))
    yield "audience-longer", shape(audiences=((SERVICE + "/",),))
    yield "audiences-both-required", shape(audiences=((SERVICE,), (OTHER,)))
    yield "recipient-other", shape(recipient=OTHER)
    yield "recipient-none", shape(recipient=None)
    yield "destination-other", shape(destination=OTHER)
    yield "destination-none", shape(destination=None)
    yield "destination-empty", shape(destination="")
    yield "response-to-other", shape(in_response_to="_other")
    yield "response-to-none", shape(in_response_to=None)
    yield "confirmation-to-other", shape(confirmed_request="_other")
    yield "confirmation-to-none", shape(confirmed_request=None)
    yield "unsolicited", shape(in_response_to=None, confirmed_request=None)
    yield "another-request", shape(in_response_to="_other", confirmed_request="_other")
    yield "conditions-none", shape(conditions=False)
    yield "conditions-without-end", shape(valid_until=None)
    yield "conditions-expired", shape(valid_until=BEFORE_LONG)
    yield "conditions-future", shape(valid_from=AFTER_LONG)
    yield "conditions-end-unreadable", shape(valid_until="tomorrow")
    yield "conditions-end-before-start", shape(valid_from=JUST_AFTER, valid_until=JUST_BEFORE)
    yield "confirmation-without-end", shape(confirmed_until=None)
    yield "confirmation-expired", shape(confirmed_until=BEFORE_LONG)
    yield "confirmation-not-before", shape(confirmed_from=JUST_BEFORE)
    yield "confirmation-future", shape(confirmed_from=AFTER_LONG)
    yield "session-over", shape(session_until=BEFORE_LONG)
    yield "authenticated-in-the-future", shape(authenticated=AFTER_LONG)
    yield "authenticated-never", shape(authenticated=None)
    yield "issued-in-the-future", shape(issued="2026-10-05T09:30:00Z")
    yield "issued-long-ago", shape(issued="2026-10-04T08:30:00Z")
    yield "time-of-no-zone", shape(valid_until="2026-10-05T08:35:00")
    yield "conditions-end-with-the-calendar", shape(valid_until="9999-12-31T23:59:59Z")
    long_ago = "2026-10-05T07:28:50Z"
    yield "long-lived-issued-long-ago", shape(issued=long_ago, valid_until=NEXT_YEAR, confirmed_until=NEXT_YEAR)
    yield "long-lived-another-request", shape(
        in_response_to="_other", confirmed_request="_other", valid_until=NEXT_YEAR, confirmed_until=NEXT_YEAR
    )
    yield "long-lived-confirmation-expired", shape(valid_until=NEXT_YEAR, confirmed_until=BEFORE_LONG)
    yield "long-lived-session-over", shape(valid_until=NEXT_YEAR, confirmed_until=NEXT_YEAR, session_until=BEFORE_LONG)


def meanings():
    """Name, shape: signed, in time, and not a sign-in that we take."""
    status = "urn:oasis:names:tc:SAML:2.0:status:"
    condition = (
        '<saml:Condition xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:x="urn:x" xsi:type="x:Unknown"/>'
    )
    nested = "<saml:AttributeValue><b xmlns=''>5d3c</b></saml:AttributeValue>"
    named = f'<saml:Attribute FriendlyName="IDO" Name="x"><saml:AttributeValue>{"c" * 128}</saml:AttributeValue>'
    yield "issuer-other", shape(issuer=OTHER)
    yield "issuer-none", shape(issuer=None)
    yield "response-issuer-other", shape(response_issuer=OTHER)
    yield "response-issuer-none", shape(response_issuer=None)
    yield "status-responder", shape(status=status + "Responder", sub_status=status + "AuthnFailed")
    yield "status-success-below", shape(status=status + "Responder", sub_status=status + "Success")
    yield "status-none", shape(status=None)
    yield "no-statement", shape(statement=False)
    yield "two-statements", shape(statements=2)
    yield "no-subject-confirmation", shape(confirmed=False)
    yield "no-name-id", shape(name_id=None)
    yield "holder-of-key", shape(method="urn:oasis:names:tc:SAML:2.0:cm:holder-of-key")
    yield "sender-vouches", shape(method="urn:oasis:names:tc:SAML:2.0:cm:sender-vouches")
    yield "version-1.1", shape(assertion_version="1.1")
    yield "response-version-1.1", shape(version="1.1")
    yield "unknown-condition", shape(condition=condition)
    yield "one-time-use", shape(condition="<saml:OneTimeUse/>")
    yield "ido-none", shape(attributes=pupil(IDO=None))
    yield "ido-empty", shape(attributes=pupil(IDO=[""]))
    yield "ido-blank", shape(attributes=pupil(IDO=["   "]))
    yield "ido-two-values", shape(attributes=pupil(IDO=["a" * 128, "b" * 128]))
    yield "ido-same-value-twice", shape(attributes=pupil(IDO=["a" * 128, "a" * 128]))
    yield "ido-two-attributes", shape(attributes=[*pupil(), ("IDO", ["b" * 128])])
    yield "ido-two-statements", shape(second_statement=[("IDO", ["b" * 128])])
    yield "ido-one-character-too-long", shape(attributes=pupil(IDO=["f" * 301]))
    yield "ido-in-other-case", shape(attributes=[*pupil(IDO=None), ("ido", ["b" * 128])])
    yield "ido-by-friendly-name", shape(attributes=pupil(IDO=None), attribute_text=named + "</saml:Attribute>")
    yield "ido-too-long", shape(attributes=pupil(IDO=["a" * 100_000]))
    yield "profile-none", shape(attributes=pupil(PRO=None))
    yield "profile-two-values", shape(attributes=pupil(PRO=["National_elv", "National_ens"]))
    yield "profile-two-attributes", shape(attributes=[*pupil(), ("PRO", ["National_ens"])])
    yield "profile-two-statements", shape(second_statement=[("PRO", ["National_ens"])])
    yield "profile-of-staff-first", shape(attributes=pupil(PRO=["National_ens", "National_elv"]))
    yield "profile-unknown-beside", shape(attributes=pupil(PRO=["National_elv", "National_elv2"]))
    yield "bearer-is-somebody-else", shape(confirmed_name_id="_transient-0000")
    yield "attribute-without-name", shape(attribute_text="<saml:Attribute><saml:AttributeValue/></saml:Attribute>")
    yield "name-none", shape(attributes=pupil(NOM=None))
    yield "name-two-values", shape(attributes=pupil(NOM=["LEFEVRE", "MARTIN"]))
    yield "name-two-statements", shape(second_statement=[("NOM", ["MARTIN"])])
    yield "element-in-value", shape(
        attributes=pupil(IDO=None), attribute_text=f'<saml:Attribute Name="IDO">{nested}</saml:Attribute>'
    )
    yield "element-in-other-value", shape(
        attribute_text=f'<saml:Attribute Name="MAIL">{nested}</saml:Attribute>'
    )


