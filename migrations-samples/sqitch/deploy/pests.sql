-- Deploy orchard:pests
-- requires: trees

CREATE TABLE pests (
    tree_id INTEGER NOT NULL REFERENCES trees (id),
    found_on DATE NOT NULL,
    pest VARCHAR(60) NOT NULL
);
