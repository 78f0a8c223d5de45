-- +goose Up
CREATE TABLE trees (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    species text NOT NULL,
    planted date
);
INSERT INTO trees (species, planted) VALUES ('Oak', '1988-04-01'), ('Lime; the tall one', NULL);

-- +goose Down
DROP TABLE trees;
