-- +goose Up
CREATE TABLE trees (
    id integer PRIMARY KEY,
    species text NOT NULL,
    planted text
);
INSERT INTO trees (species, planted) VALUES ('Oak', '1988-04-01'), ('Lime; the tall one', NULL);

-- +goose Down
DROP TABLE trees;
