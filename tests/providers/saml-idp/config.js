// What saml-idp asks on its page, and puts in the assertion: the GAR's attributes, those of the resource's contract.
const delivered = process.env.DELIVERED.split(",");
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
    ...Object.fromEntries(delivered.map((id) => [id, ""])),
  },
  metadata: delivered.map((id) => attribute(id, id === "UAI")),
};
