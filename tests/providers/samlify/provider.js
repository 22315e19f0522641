// npm's samlify as an identity provider, behind the least of Node's own server.
//
// It takes requests by HTTP-Redirect, refuses those that are not signed or carry no RelayState, asks who comes, and
// answers by HTTP-POST. Its own template has neither AuthnStatement nor attributes: both are written here, with several
// values of one name in several Attribute elements. It signs the assertion, as our metadata want it.
//
// `provider.js PORT KEY CERTIFICATE SERVICE`: two PEM files, and the service's metadata, read at each sign-in.

const { createServer } = require("node:http");
const { readFileSync } = require("node:fs");
const { randomBytes } = require("node:crypto");
const samlify = require("samlify");

const [port, key, certificate, service] = process.argv.slice(2);
const address = `http://127.0.0.1:${port}`;
const delivered = process.env.DELIVERED.split(",");
const lifeMs = 5 * 60 * 1000;

// What comes is ours, and the service looks at what leaves.
samlify.setSchemaValidator({ validate: async () => "skipped" });

const idp = samlify.IdentityProvider({
  entityID: `${address}/metadata`,
  signingCert: readFileSync(certificate, "utf8"),
  privateKey: readFileSync(key, "utf8"),
  requestSignatureAlgorithm: "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
  wantAuthnRequestsSigned: true,
  isAssertionEncrypted: false,
  nameIDFormat: ["urn:oasis:names:tc:SAML:2.0:nameid-format:transient"],
  singleSignOnService: [{ Binding: "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect", Location: `${address}/sso` }],
});

const escaped = (text) =>
  text.replace(/[&<>"']/g, (one) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" })[one]);
const hidden = (name, value) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`;
const page = (body) => `<!doctype html><html lang="en"><title>samlify</title><main>${body}</main></html>`;

// One element for each value.
const attribute = (name, value) =>
  `<saml:Attribute Name="${name}"><saml:AttributeValue>${escaped(value)}</saml:AttributeValue></saml:Attribute>`;

function statements(now, who) {
  const at = now.toISOString();
  return (
    `<saml:AuthnStatement AuthnInstant="${at}" SessionIndex="_${randomBytes(16).toString("hex")}"><saml:AuthnContext>` +
    "<saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified</saml:AuthnContextClassRef>" +
    "</saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement>" +
    who.map(([name, value]) => attribute(name, value)).join("") +
    "</saml:AttributeStatement>"
  );
}

async function answer(query, who) {
  const sp = samlify.ServiceProvider({ metadata: readFileSync(service, "utf8") });
  // What was signed: the query without its signature, as it came.
  const octetString = query.split("&Signature=")[0];
  const asked = Object.fromEntries(new URLSearchParams(query));
  const request = await idp.parseLoginRequest(sp, "redirect", { query: asked, octetString });
  const fill = (template) => {
    const now = new Date();
    const until = new Date(now.getTime() + lifeMs).toISOString();
    const acs = sp.entityMeta.getAssertionConsumerService("post");
    const id = `_${randomBytes(16).toString("hex")}`;
    const context = samlify.SamlLib.replaceTagsByValue(
      template.replace("{AuthnStatement}{AttributeStatement}", statements(now, who)),
      {
        ID: id,
        AssertionID: `_${randomBytes(16).toString("hex")}`,
        Destination: acs,
        SubjectRecipient: acs,
        Audience: sp.entityMeta.getEntityID(),
        Issuer: idp.entityMeta.getEntityID(),
        IssueInstant: now.toISOString(),
        StatusCode: "urn:oasis:names:tc:SAML:2.0:status:Success",
        ConditionsNotBefore: now.toISOString(),
        ConditionsNotOnOrAfter: until,
        SubjectConfirmationDataNotOnOrAfter: until,
        NameIDFormat: "urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
        NameID: `_${randomBytes(16).toString("hex")}`,
        InResponseTo: request.extract.request.id,
      },
    );
    return { id, context };
  };
  const relayState = asked.RelayState;
  const sent = await idp.createLoginResponse(sp, request, "post", {}, { relayState, customTagReplacement: fill });
  const fields = hidden("SAMLResponse", sent.context) + hidden("RelayState", relayState);
  return page(`<form method="post" action="${escaped(sent.entityEndpoint)}">${fields}<button>Continue</button></form>`);
}

async function say(request) {
  const { pathname, search } = new URL(request.url, address);
  if (pathname === "/metadata") {
    return [200, idp.getMetadata(), "application/samlmetadata+xml"];
  }
  if (request.method === "GET") {
    const fields = delivered.map((name) => `<label>${name} <input name="${name}"></label>`).join("");
    const kept = hidden("query", search.slice(1));
    return [200, page(`<form method="post" action="/sso">${kept}${fields}<button>Sign in</button></form>`)];
  }
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  const given = new URLSearchParams(Buffer.concat(pieces).toString("utf8"));
  const query = given.get("query") ?? "";
  if (!query.includes("&RelayState=")) return [400, page("no RelayState")];
  const who = delivered.flatMap((name) =>
    (given.get(name) ?? "").split(",").filter(Boolean).map((value) => [name, value]),
  );
  return [200, await answer(query, who)];
}

createServer(async (request, response) => {
  const [status, text, kind] = await say(request).catch(() => [403, page("refused")]);
  response.writeHead(status, { "Content-Type": kind ?? "text/html; charset=utf-8" });
  response.end(text);
}).listen(Number(port), "127.0.0.1");
