-- +goose Up
CREATE INDEX visits_at_idx ON visits (visited_at);

-- +goose Down
DROP INDEX visits_at_idx ON visits;
