"""PyPI's pysaml2 as an identity provider, behind the least of Flask.

It takes requests by HTTP-Redirect, refuses those that are not signed or carry no RelayState, asks who comes, and answers
by HTTP-POST with an assertion that it signs through xmlsec1.

`provider.py PORT KEY CERTIFICATE SERVICE`: two PEM files, and the service's metadata, read at each sign-in.
"""

import os
import sys
from html import escape

from flask import Flask, abort, request
from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT
from saml2.config import IdPConfig
from saml2.metadata import create_metadata_string
from saml2.saml import NAME_FORMAT_BASIC, NAMEID_FORMAT_TRANSIENT
from saml2.samlp import NameIDPolicy
from saml2.server import Server
from saml2.xmldsig import DIGEST_SHA256, SIG_RSA_SHA256

ATTRIBUTES = os.environ["DELIVERED"].split(",")
PASSWORD = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"


def configured(address, key, certificate, service):
    idp = {
        "endpoints": {"single_sign_on_service": [(f"{address}/sso", BINDING_HTTP_REDIRECT)]},
        "want_authn_requests_signed": True,
        "sign_assertion": True,
        "sign_response": False,
        "signing_algorithm": SIG_RSA_SHA256,
        "digest_algorithm": DIGEST_SHA256,
        "policy": {"default": {"lifetime": {"minutes": 5}, "name_form": NAME_FORMAT_BASIC}},
        "name_id_format": [NAMEID_FORMAT_TRANSIENT],
    }
    metadata = {"local": [service]} if service else {}
    return IdPConfig().load(
        {
            "entityid": f"{address}/metadata",
            "service": {"idp": idp},
            "key_file": key,
            "cert_file": certificate,
            "metadata": metadata,
            "debug": False,
        }
    )


def page(body):
    return f'<!doctype html><html lang="en"><title>pysaml2</title><main>{body}</main></html>'


def hidden(name, value):
    return f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'


def application(address, key, certificate, service):
    app = Flask(__name__)
    # Without the service's metadata first: ours is asked before the service, which pins it, has any.
    published = create_metadata_string(None, configured(address, key, certificate, None))

    @app.get("/metadata")
    def metadata():
        return published, {"Content-Type": "application/samlmetadata+xml"}

    @app.get("/sso")
    def ask():
        kept = "".join(hidden(name, value) for name, value in request.args.items())
        fields = "".join(f'<label>{name} <input name="{name}"></label>' for name in ATTRIBUTES)
        return page(f'<form method="post" action="/sso">{kept}{fields}<button>Sign in</button></form>')

    @app.post("/sso")
    def answer():
        server = Server(config=configured(address, key, certificate, service))
        given = request.form
        if not given.get("RelayState"):
            abort(400)
        asked = server.parse_authn_request(
            given["SAMLRequest"],
            BINDING_HTTP_REDIRECT,
            relay_state=given.get("RelayState"),
            sigalg=given.get("SigAlg"),
            signature=given.get("Signature"),
        ).message
        identity = {name: given[name].split(",") for name in ATTRIBUTES if given.get(name)}
        destination = server.response_args(asked, [BINDING_HTTP_POST])["destination"]
        response = server.create_authn_response(
            identity,
            asked.id,
            destination,
            asked.issuer.text,
            name_id_policy=NameIDPolicy(format=NAMEID_FORMAT_TRANSIENT),
            userid=given["IDO"],
            authn={"class_ref": PASSWORD},
        )
        packed = server.apply_binding(
            BINDING_HTTP_POST, str(response), destination, given["RelayState"], response=True
        )
        return packed["data"]

    return app


def main():
    port, key, certificate, service = sys.argv[1:]
    application(f"http://127.0.0.1:{port}", key, certificate, service).run("127.0.0.1", int(port))


if __name__ == "__main__":
    main()
