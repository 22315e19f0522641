"""Debian's Lasso as an identity provider, behind the least of Python's own server.

It takes requests by HTTP-Redirect, refuses those that are not signed or carry no RelayState, asks who comes, and answers
by HTTP-POST with an assertion that it signs and that lives 72,000 seconds, as LemonLDAP::NG, which is made of it, has
by default.

`provider.py PORT KEY CERTIFICATE SERVICE`: two PEM files, and the service's metadata, read at each sign-in.
"""

import os
import re
import sys
from datetime import datetime, timedelta, timezone
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import lasso

ATTRIBUTES = os.environ["DELIVERED"].split(",")
LIFE = timedelta(seconds=72_000)
METADATA = """<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{address}/metadata">
<IDPSSODescriptor WantAuthnRequestsSigned="true" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
<KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data>
<ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></KeyDescriptor>
<NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:transient</NameIDFormat>
<SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="{address}/sso"/>
</IDPSSODescriptor></EntityDescriptor>
"""


def instant(at):
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def page(body):
    return f'<!doctype html><html lang="en"><title>Lasso</title><main>{body}</main></html>'


def hidden(name, value):
    return f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'


def attribute(name, values):
    kept = lasso.Saml2Attribute()
    kept.name = name
    kept.nameFormat = lasso.SAML2_ATTRIBUTE_NAME_FORMAT_BASIC
    kept.attributeValue = [value_of(text) for text in values]
    return kept


def value_of(text):
    value = lasso.Saml2AttributeValue()
    value.any = [lasso.MiscTextNode.newWithString(text)]
    value.any[0].textChild = True
    return value


class Provider:
    """One service, known by its metadata."""

    def __init__(self, address, key, certificate, service):
        self.key, self.certificate, self.service = Path(key), Path(certificate), Path(service)
        pem = self.certificate.read_text()
        body = re.sub(r"-----[A-Z ]+-----|\s", "", pem)
        self.metadata = METADATA.format(address=address, certificate=body)

    def answer(self, query, who):
        server = lasso.Server.newFromBuffers(self.metadata, self.key.read_text(), None, self.certificate.read_text())
        server.signatureMethod = lasso.SIGNATURE_METHOD_RSA_SHA256
        server.addProviderFromBuffer(lasso.PROVIDER_ROLE_SP, self.service.read_text(), None, None)
        login = lasso.Login(server)
        login.setSignatureVerifyHint(lasso.PROFILE_SIGNATURE_VERIFY_HINT_FORCE)
        login.processAuthnRequestMsg(query)
        login.validateRequestMsg(True, True)
        now = datetime.now(timezone.utc)
        method = lasso.SAML2_AUTHN_CONTEXT_PASSWORD_PROTECTED_TRANSPORT
        login.buildAssertion(method, instant(now), None, instant(now), instant(now + LIFE))
        statement = lasso.Saml2AttributeStatement()
        statement.attribute = [attribute(name, values) for name, values in who]
        login.assertion.attributeStatement = [statement]
        login.buildAuthnResponseMsg()
        return login.msgUrl, login.msgBody, login.msgRelayState


class Handler(BaseHTTPRequestHandler):
    provider = None

    def do_GET(self):
        asked = urlsplit(self.path)
        if asked.path == "/metadata":
            self.say(200, self.provider.metadata, "application/samlmetadata+xml")
            return
        fields = "".join(f'<label>{name} <input name="{name}"></label>' for name in ATTRIBUTES)
        kept = hidden("query", asked.query)
        self.say(200, page(f'<form method="post" action="/sso">{kept}{fields}<button>Sign in</button></form>'))

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        given = {name: values[0] for name, values in parse_qs(body).items()}
        if "RelayState=" not in given["query"]:
            self.say(400, page("no RelayState"))
            return
        who = [(name, given[name].split(",")) for name in ATTRIBUTES if given.get(name)]
        action, response, state = self.provider.answer(given["query"], who)
        fields = hidden("SAMLResponse", response) + hidden("RelayState", state)
        self.say(200, page(f'<form method="post" action="{escape(action)}">{fields}<button>Continue</button></form>'))

    def say(self, status, text, kind="text/html; charset=utf-8"):
        content = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        """Nothing: who signs in is not for logs."""


def main():
    port, key, certificate, service = sys.argv[1:]
    Handler.provider = Provider(f"http://127.0.0.1:{port}", key, certificate, service)
    ThreadingHTTPServer(("127.0.0.1", int(port)), Handler).serve_forever()


if __name__ == "__main__":
    main()
