-- +goose NO TRANSACTION
-- +goose Up
CREATE INDEX CONCURRENTLY visits_tree_idx ON visits (tree_id);

-- +goose Down
DROP INDEX CONCURRENTLY visits_tree_idx;
