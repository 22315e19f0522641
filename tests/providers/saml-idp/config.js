// What saml-idp asks on its page, and puts in the assertion: the GAR's attributes.
const attribute = (id, multiValue = false) => ({
  id,
  displayName: id,
  description: "",
  optional: true,
  multiValue,
});

module.exports = {
  user: {
    userName: "_transient",
    nameIdFormat: "urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
    IDO: "",
    UAI: "",
    PRO: "",
    NOM: "",
    PRE: "",
    DIV: "",
  },
  metadata: [
    attribute("IDO"),
    attribute("UAI", true),
    attribute("PRO"),
    attribute("NOM"),
    attribute("PRE"),
    attribute("DIV"),
  ],
};
