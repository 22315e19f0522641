#!/usr/bin/env python3
"""Makes the corpus again: `python3 make.py`. Needs `xmlsec1` and `openssl`. README.md says what the files are."""

import base64
import shutil
import tempfile
import zlib
from pathlib import Path

import attacks
import shapes
from keys import Keys
from saml import Signing, metadata, shape, write
from verdicts import VERDICTS

PROFILES = {"national_elv": "pupil", "national_ens": "teacher"}
# Of the wrapped responses.
FOOLED_MIN = 38
FOLDER = Path(__file__).parent / "fixtures"
PROVIDERS = {
    "one-key": (["first"], ["signing"]),
    "two-keys": (["first", "second"], ["signing", "signing"]),
    "any-use": (["first"], [None]),
    "foreign-first": (["foreign", "first"], ["encryption", "signing"]),
    "no-key": ([], []),
    "encryption-only": (["first"], ["encryption"]),
    "expired": (["expired"], ["signing"]),
    "expired-and-first": (["expired", "first"], ["signing", "signing"]),
    "renewed": (["first-renewed"], ["signing"]),
    "former-and-renewed": (["first", "first-renewed"], ["signing", "signing"]),
    "small": (["small"], ["signing"]),
    "curve": (["curve"], ["signing"]),
}


class Corpus:
    """Writes each case once, and its line of the manifest."""

    def __init__(self, keys):
        self.keys = keys
        self.lines = []

    def add(self, family, name, content, provider="one-key", identity=None, encoded=False):
        case = f"{family}/{name}"
        verdict = VERDICTS.get(case, VERDICTS[family])
        if isinstance(content, str):
            content = content.encode()
        path = FOLDER / f"{case}.{'b64' if encoded else 'xml'}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        fields = identity_of(identity) if verdict == "accepted" else []
        relative = path.relative_to(FOLDER).as_posix()
        self.lines.append("\t".join([relative, provider, verdict, *fields]))

    def signed(self, wanted, key="first", of=("Assertion",)):
        text = write(wanted)
        for element in of:
            text = self.keys.sign(text, key, element)
        return text


def identity_of(wanted):
    """What must come out: one field an attribute, several values between bars."""
    wanted = wanted or shape()
    given = {name: [] for name in ("IDO", "UAI", "PRO", "NOM", "PRE", "DIV")}
    for name, values in [*wanted.attributes, *wanted.second_statement]:
        given.setdefault(name, []).extend(values)
    said = {name: [value.strip() for value in given[name] if value.strip()] for name in ("IDO", "PRO", "NOM", "PRE")}
    fields = {name: "|".join(given[name]) for name in ("UAI", "DIV")}
    fields |= {name: (said[name] or [""])[0] for name in ("IDO", "NOM", "PRE")}
    profiles = [PROFILES.get(value.lower(), "other") for value in said["PRO"]]
    # Anybody else than a pupil wins.
    fields["PRO"] = next((one for one in profiles if one != "pupil"), (profiles or ["none"])[0])
    return [fields[name] for name in ("IDO", "UAI", "PRO", "NOM", "PRE", "DIV")]


def honest(corpus):
    for name, wanted in shapes.honest():
        both = ("Assertion", "Response") if wanted.response_signing else ("Assertion",)
        text = corpus.signed(wanted, of=both)
        assert all(corpus.keys.verifies(text, of=element) for element in both), name
        corpus.add("honest", name, text, identity=wanted)
        if name == "pretty-line-in-value":
            # For every reader of XML the same document: their ends of lines are line feeds.
            for end, other in (("\r\n", "carriage-returns-and-line-feeds"), ("\r", "carriage-returns")):
                written = text.replace("\n", end)
                assert corpus.keys.verifies(written), other
                corpus.add("same-for-all", other, written)
    plain = corpus.signed(shape())
    both = corpus.signed(shape(response_signing=Signing()), of=("Assertion", "Response"))
    for name, text in attacks.same_for_all(plain):
        corpus.add("same-for-all", name, text)
    corpus.add("same-for-all", "base64-in-lines", base64.encodebytes(plain.encode()), encoded=True)
    return plain, both


def key_material(corpus):
    keys = corpus.keys
    own = shape(assertion_signing=Signing(key_info=keys.certificate_info("first")))
    corpus.add("keys", "own-certificate-inside", corpus.signed(own))
    corpus.add("keys", "signed-by-foreign-key", corpus.signed(shape(), "foreign"))
    foreign = shape(assertion_signing=Signing(key_info=keys.certificate_info("foreign")))
    corpus.add("keys", "foreign-certificate-inside", corpus.signed(foreign, "foreign"))
    corpus.add("keys", "foreign-certificate-beside", corpus.signed(foreign))
    claimed = shape(assertion_signing=Signing(key_info=keys.certificate_info("first")))
    corpus.add("keys", "foreign-key-claims-ours", corpus.signed(claimed, "foreign"))
    renewed = shape(assertion_signing=Signing(key_info=keys.certificate_info("first-renewed")))
    corpus.add("keys", "renewed-certificate-inside", corpus.signed(renewed))
    corpus.add("keys", "foreign-key-claims-renewed", corpus.signed(renewed, "foreign"))
    corpus.add("key-sets", "renewed-in-metadata-former-inside", corpus.signed(own), "renewed")
    corpus.add("key-sets", "both-in-metadata-former-inside", corpus.signed(own), "former-and-renewed")
    corpus.add("key-sets", "both-in-metadata-renewed-inside", corpus.signed(renewed), "former-and-renewed")
    late = shape(assertion_signing=Signing(key_info=keys.certificate_info("expired-renewed")))
    corpus.add("key-sets", "expired-in-metadata-renewed-inside", corpus.signed(late, "expired"), "expired")
    corpus.add("key-sets", "expired-beside-first-renewed-inside", corpus.signed(late, "expired"), "expired-and-first")
    value = "<ds:KeyInfo><ds:KeyValue/></ds:KeyInfo>"
    corpus.add("keys", "foreign-key-value", corpus.signed(shape(assertion_signing=Signing(key_info=value)), "foreign"))
    remote = '<ds:KeyInfo><ds:RetrievalMethod URI="https://autre.invalid/key"/></ds:KeyInfo>'
    retrieved = attacks.once(corpus.signed(shape(), "foreign"), "</ds:Signature>", remote + "</ds:Signature>")
    corpus.add("keys", "foreign-retrieval-method", retrieved)
    for name, secret in keys.secrets():
        for size in ("sha1", "sha256"):
            space = "http://www.w3.org/2000/09/xmldsig#" if size == "sha1" else "http://www.w3.org/2001/04/xmldsig-more#"
            template = attacks.victim(write(shape(assertion_signing=Signing(algorithm=f"{space}hmac-{size}"))))
            corpus.add("hmac", f"{size}-{name.replace('_', '-')}", keys.sign(template, secret=secret))
    ending = attacks.once(
        corpus.signed(shape(), "foreign"),
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
        "http://www.w3.org/2001/04/xmldsig-more#none",
    )
    corpus.add("keys", "algorithm-none", ending)


def providers(corpus):
    for name, (certificates, uses) in PROVIDERS.items():
        path = FOLDER / "metadata" / f"{name}.xml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(metadata([corpus.keys.certificate(c) for c in certificates], uses))
    by_first, by_second = corpus.signed(shape()), corpus.signed(shape(), "second")
    by_foreign, by_expired = corpus.signed(shape(), "foreign"), corpus.signed(shape(), "expired")
    curve = shape(assertion_signing=Signing(algorithm=shapes.ECDSA_SHA256))
    for name, provider, text in [
        ("two-keys-signed-by-first", "two-keys", by_first),
        ("two-keys-signed-by-second", "two-keys", by_second),
        ("two-keys-signed-by-foreign", "two-keys", by_foreign),
        ("one-key-signed-by-second", "one-key", by_second),
        ("any-use-signed-by-first", "any-use", by_first),
        ("encryption-key-signs", "foreign-first", by_foreign),
        ("signing-key-beside-encryption-key", "foreign-first", by_first),
        ("no-key", "no-key", by_first),
        ("no-key-unsigned", "no-key", write(shape(assertion_signing=None))),
        ("encryption-only", "encryption-only", by_first),
        ("expired", "expired", by_expired),
        ("expired-beside-first-signed-by-expired", "expired-and-first", by_expired),
        ("expired-beside-first-signed-by-first", "expired-and-first", by_first),
        ("small-key", "small", corpus.signed(shape(), "small")),
        ("curve-key", "curve", corpus.signed(curve, "curve")),
    ]:
        corpus.add("key-sets", name, text, provider)


def meanings(corpus):
    for family, found in (("bounds", shapes.times_and_places()), ("meanings", shapes.meanings())):
        for name, wanted in found:
            corpus.add(family, name, corpus.signed(wanted), identity=wanted)
    corpus.add("unsigned", "assertion", write(shape(assertion_signing=None)))
    only = shape(assertion_signing=None, response_signing=Signing())
    corpus.add("unsigned", "response-alone-is-signed", corpus.signed(only, of=("Response",)))
    for name, wanted, key in shapes.algorithms():
        # What xmlsec1 cannot sign goes as the attacker would send it: the gate must refuse what it announces.
        try:
            text = corpus.signed(wanted, key)
        except RuntimeError:
            text = write(wanted)
            print(f"algorithms/{name}: announced only")
        corpus.add("algorithms", name, text)


def attacked(corpus, plain, both):
    for name, text in attacks.tampering(plain):
        corpus.add("tampered", name, text)
    corpus.add("tampered", "signed-response-status", attacks.once(both, "<samlp:Status>", "<samlp:Status> "))
    detail = "<samlp:StatusDetail/></samlp:Status>"
    corpus.add("tampered", "signed-response-detail", attacks.once(both, "</samlp:Status>", detail))
    corpus.add("tampered", "signed-response-id", attacks.once(both, 'ID="_r0f3a"', 'ID="_r0f3b"'))
    victim = corpus.signed(shape(attributes=attacks_victim()))
    corpus.add("tampered", "signature-of-another", swapped(plain, victim))
    for name, text in attacks.stripping(plain):
        corpus.add("stripped", name, text)
    fooled = 0
    for name, text in attacks.wrapping(plain, both):
        corpus.add("wrapped", name, text)
        fooled += corpus.keys.fools(text)
    # An attack whose honest signature no longer holds proves little: most must still convince who looks for it alone.
    assert fooled >= FOOLED_MIN, fooled
    for name, text in attacks.parsing(plain):
        corpus.add("parsed", name, text)
    encrypted(corpus, plain)
    encodings(corpus, plain)


def attacks_victim():
    return [(name, [attacks.victim(value) for value in values]) for name, values in shape().attributes]


def swapped(one, other):
    return attacks.once(one, attacks.element(one, "ds:Signature"), attacks.element(other, "ds:Signature"))


def encrypted(corpus, plain):
    parts = attacks.Parts(plain)
    data = corpus.keys.encrypt(parts.signed)
    sealed = f"<saml:EncryptedAssertion xmlns:saml='{attacks.SAML}'>{data}</saml:EncryptedAssertion>"
    corpus.add("encrypted", "assertion", parts.holding(sealed))
    corpus.add("encrypted", "assertion-beside", parts.holding(parts.signed + sealed))
    forged = parts.holding(parts.forged + sealed)
    corpus.add("encrypted", "assertion-beside-forged", forged)


def encodings(corpus, plain):
    octets = plain.encode()
    deflate = zlib.compressobj(wbits=-15)
    for name, content in {
        "not-base64": b"<samlp:Response/>",
        "address-alphabet": base64.urlsafe_b64encode(plain.replace("Zoé", "Zoé???>>>").encode()),
        "deflated": base64.b64encode(deflate.compress(octets) + deflate.flush()),
        "cut-short": base64.b64encode(octets)[:-7],
        "twice": base64.b64encode(base64.b64encode(octets)),
        "utf-16": base64.b64encode(plain.encode("utf-16")),
        "latin-1": base64.b64encode(b'<?xml version="1.0" encoding="ISO-8859-1"?>' + plain.encode("latin-1")),
        "declared-latin-1": base64.b64encode(b'<?xml version="1.0" encoding="ISO-8859-1"?>' + octets),
        "byte-order-mark": base64.b64encode(b"\xef\xbb\xbf" + octets),
    }.items():
        corpus.add("encoded", name, content, encoded=True)


def main():
    shutil.rmtree(FOLDER, ignore_errors=True)
    with tempfile.TemporaryDirectory() as folder:
        corpus = Corpus(Keys(folder))
        plain, both = honest(corpus)
        key_material(corpus)
        providers(corpus)
        meanings(corpus)
        attacked(corpus, plain, both)
    (FOLDER / "manifest.tsv").write_text("\n".join(corpus.lines) + "\n")
    print(f"{len(corpus.lines)} cases")


if __name__ == "__main__":
    main()
