-- Deploy orchard:harvests
-- requires: trees

CREATE TABLE harvests (
    tree_id INTEGER NOT NULL REFERENCES trees (id),
    picked_on DATE NOT NULL,
    kilograms NUMERIC(7, 2) NOT NULL,
    PRIMARY KEY (tree_id, picked_on)
);
