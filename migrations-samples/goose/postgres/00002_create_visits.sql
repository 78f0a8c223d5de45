-- Visits of the gardener.
-- +goose Up
CREATE TABLE visits (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tree_id integer NOT NULL REFERENCES trees (id),
    visited_at timestamptz NOT NULL DEFAULT now()
);

-- +goose StatementBegin
CREATE FUNCTION visit(tree integer) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    made bigint;
BEGIN
    INSERT INTO visits (tree_id) VALUES (tree) RETURNING id INTO made;
    RETURN made;
END;
$$
-- +goose StatementEnd

-- +goose StatementBegin
COMMENT ON FUNCTION visit(integer) IS 'A visit, now'
-- +goose StatementEnd

-- +goose Down
DROP FUNCTION visit(integer);
DROP TABLE visits;
