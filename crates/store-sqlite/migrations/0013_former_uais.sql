-- Every UAI that a school has or had, so that no other school takes one, and that a former one answers with the present.
CREATE TABLE organization_uais (
    uai TEXT NOT NULL,
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    -- Null for the present one.
    replaced_at INTEGER
) STRICT;

CREATE UNIQUE INDEX organization_uais_uai ON organization_uais (uai);
CREATE INDEX organization_uais_of_school ON organization_uais (organization_id);

INSERT INTO organization_uais (uai, organization_id) SELECT uai, id FROM organizations;
