-- Visits of the gardener.
-- +goose Up
CREATE TABLE visits (
    id integer PRIMARY KEY,
    tree_id integer NOT NULL REFERENCES trees (id),
    visited_at text NOT NULL
);

-- +goose StatementBegin
CREATE TRIGGER visits_not_ahead BEFORE INSERT ON visits WHEN new.visited_at > datetime('now')
BEGIN
    SELECT RAISE(ABORT, 'a visit cannot be in the future');
END;
-- +goose StatementEnd

-- +goose Down
DROP TABLE visits;
