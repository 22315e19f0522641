#!/usr/bin/env bash
# npm samlify 2.13.1 as an identity provider: createLoginResponse(…, user) answers with a signed assertion that says
# nothing of an authentication (no AuthnStatement, which the Web Browser SSO profile wants: SAML profiles, 4.1.4.2) and
# holds none of the attributes of the user it is given, without a word. Both are for a template of one's own to write.
set -euo pipefail

version=2.13.1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > /dev/null
npm install --silent --no-audit --no-fund --ignore-scripts "samlify@$version" > /dev/null
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out certificate.pem -subj /CN=idp -days 2 2> /dev/null
cat > answer.js <<'JS'
const { readFileSync } = require("node:fs");
const samlify = require("samlify");
samlify.setSchemaValidator({ validate: async () => "skipped" });
const binding = "urn:oasis:names:tc:SAML:2.0:bindings:";
const idp = samlify.IdentityProvider({
  entityID: "https://idp.invalid/metadata",
  privateKey: readFileSync("key.pem", "utf8"),
  signingCert: readFileSync("certificate.pem", "utf8"),
  requestSignatureAlgorithm: "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
  singleSignOnService: [{ Binding: `${binding}HTTP-Redirect`, Location: "https://idp.invalid/sso" }],
});
const sp = samlify.ServiceProvider({
  entityID: "https://orga.invalid/metadata",
  wantAssertionsSigned: true,
  assertionConsumerService: [{ Binding: `${binding}HTTP-POST`, Location: "https://orga.invalid/acs" }],
});
const user = { IDO: "5d3c", NOM: "LEFEVRE", attributes: { IDO: "5d3c", NOM: "LEFEVRE" } };
idp.createLoginResponse(sp, { extract: { request: { id: "_1" } } }, "post", user).then(({ context }) => {
  const xml = Buffer.from(context, "base64").toString();
  for (const said of ["<saml:AuthnStatement", "<saml:AttributeStatement", "LEFEVRE", "<ds:Signature"]) {
    console.log(`${said}: ${xml.includes(said)}`);
  }
});
JS
seen=$(node answer.js 2> /dev/null)
echo "samlify $version"
echo "$seen"
expected='<saml:AuthnStatement: false
<saml:AttributeStatement: false
LEFEVRE: false
<ds:Signature: true'
[ "$seen" = "$expected" ]
