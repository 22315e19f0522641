"""Throwaway keys, and what `xmlsec1` does with them. No private key outlives the run."""

import base64
import re
import subprocess
from pathlib import Path

from saml import DS, SAML, SAMLP

CA = """[ca]
default_ca = own
[own]
new_certs_dir = {folder}
database = {folder}/index
rand_serial = yes
unique_subject = no
default_md = sha256
policy = any
[any]
commonName = supplied
"""
RSA = ["-algorithm", "RSA", "-pkeyopt"]
KINDS = {
    "first": [*RSA, "rsa_keygen_bits:2048"],
    "second": [*RSA, "rsa_keygen_bits:3072"],
    "foreign": [*RSA, "rsa_keygen_bits:2048"],
    "expired": [*RSA, "rsa_keygen_bits:2048"],
    "small": [*RSA, "rsa_keygen_bits:1024"],
    "curve": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
}
# Certificates of their own over the key of another.
RENEWED = {"first-renewed": "first", "expired-renewed": "expired"}
BEGINS, ENDS = "20200101000000Z", "20500101000000Z"
ENDED = "20260101000000Z"
DECLARED = ["--id-attr:ID", f"{SAML}:Assertion", "--id-attr:ID", f"{SAMLP}:Response"]


def run(*command):
    done = subprocess.run([str(part) for part in command], capture_output=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{command}: {done.stderr.decode(errors='replace')}")
    return done.stdout


class Keys:
    """One key and one self-signed certificate of each kind, in a scratch folder; for some, a second certificate."""

    def __init__(self, folder):
        self.folder = Path(folder)
        (self.folder / "index").touch()
        (self.folder / "ca").write_text(CA.format(folder=folder))
        for name, kind in KINDS.items():
            run("openssl", "genpkey", *kind, "-out", self.key(name))
        for name in [*KINDS, *RENEWED]:
            self.certify(name, ENDED if name == "expired" else ENDS)

    def certify(self, name, ends):
        key, asked, pem = self.key(name), self.folder / f"{name}.csr", self.pem(name)
        run("openssl", "req", "-new", "-key", key, "-subj", f"/CN={name}", "-out", asked)
        own = ["-selfsign", "-keyfile", key, "-notext", "-batch", "-startdate", BEGINS, "-enddate", ends]
        run("openssl", "ca", "-config", self.folder / "ca", *own, "-in", asked, "-out", pem)

    def key(self, name):
        return self.folder / f"{RENEWED.get(name, name)}.key"

    def pem(self, name):
        return self.folder / f"{name}.pem"

    def certificate(self, name):
        """Base64 of its DER, on one line."""
        return re.sub(r"-----[A-Z ]+-----|\s", "", self.pem(name).read_text())

    def certificate_info(self, name, prefix="ds"):
        p = f"{prefix}:" if prefix else ""
        return (
            f"<{p}KeyInfo><{p}X509Data><{p}X509Certificate>{self.certificate(name)}</{p}X509Certificate>"
            f"</{p}X509Data></{p}KeyInfo>"
        )

    def secrets(self):
        """What an attacker takes for the secret of an HMAC: all of it is public."""
        public = run("openssl", "pkey", "-in", self.key("first"), "-pubout")
        found = {
            "certificate_pem": self.pem("first").read_bytes(),
            "certificate_der": base64.b64decode(self.certificate("first")),
            "public_key_pem": public,
            "public_key_der": base64.b64decode(re.sub(rb"-----[A-Z ]+-----|\s", b"", public)),
        }
        for name, secret in found.items():
            path = self.folder / f"{name}.secret"
            path.write_bytes(secret)
            yield name, path

    def sign(self, text, key="first", of="Assertion", secret=None):
        """Signs the template that stands directly in the element `of`."""
        source, signed = self.folder / "template.xml", self.folder / "signed.xml"
        source.write_bytes(('<?xml version="1.0" encoding="UTF-8"?>\n' + text).encode())
        how = ["--hmackey", secret] if secret else ["--privkey-pem", self.key(key)]
        here = f"//*[local-name()='{of}']/*[local-name()='Signature' and namespace-uri()='{DS}']"
        run("xmlsec1", "--sign", *how, *DECLARED, "--node-xpath", here, "--output", signed, source)
        return re.sub(r"^<\?xml[^>]*\?>\s*", "", signed.read_bytes().decode()).rstrip("\n")

    def verifies(self, text, key="first", of="Assertion"):
        """Whether `xmlsec1` accepts that signature, by the certificate alone."""
        source = self.folder / "verified.xml"
        source.write_bytes(text.encode())
        here = f"//*[local-name()='{of}']/*[local-name()='Signature' and namespace-uri()='{DS}']"
        command = ["xmlsec1", "--verify", "--enabled-key-data", "rsa,ec,raw-x509-cert", "--pubkey-cert-pem"]
        command += [self.pem(key), *DECLARED, "--node-xpath", here, source]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0

    def fools(self, text):
        """Whether `xmlsec1`, which knows no SAML, accepts the first signature that it meets, or the second."""
        source = self.folder / "verified.xml"
        source.write_text(text)
        command = ["xmlsec1", "--verify", "--enabled-key-data", "rsa,raw-x509-cert", "--pubkey-cert-pem"]
        command += [self.pem("first"), *DECLARED, "--node-xpath"]
        return any(
            subprocess.run(
                [*command, f"(//*[local-name()='Signature'])[{number}]", source], capture_output=True, check=False
            ).returncode
            == 0
            for number in (1, 2)
        )

    def encrypt(self, text, name="foreign"):
        """`xenc:EncryptedData` of a whole element, for that certificate."""
        template, plain = self.folder / "encrypted.xml", self.folder / "plain.xml"
        xenc = "http://www.w3.org/2001/04/xmlenc#"
        template.write_text(
            f'<xenc:EncryptedData xmlns:xenc="{xenc}" Type="{xenc}Element">'
            f'<xenc:EncryptionMethod Algorithm="{xenc}aes256-cbc"/><ds:KeyInfo xmlns:ds="{DS}"><xenc:EncryptedKey>'
            f'<xenc:EncryptionMethod Algorithm="{xenc}rsa-oaep-mgf1p"/><xenc:CipherData><xenc:CipherValue/>'
            "</xenc:CipherData></xenc:EncryptedKey></ds:KeyInfo><xenc:CipherData><xenc:CipherValue/>"
            "</xenc:CipherData></xenc:EncryptedData>"
        )
        plain.write_text(text)
        how = ["--pubkey-cert-pem", self.pem(name), "--session-key", "aes-256", "--xml-data", plain]
        found = run("xmlsec1", "--encrypt", *how, template).decode()
        return re.sub(r"^<\?xml[^>]*\?>\s*", "", found).rstrip("\n")
