-- description: Orders
-- requires: 1.0.0
CREATE TABLE orders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    plant_id bigint NOT NULL REFERENCES plants (id),
    amount integer NOT NULL,
    ordered_at timestamptz NOT NULL DEFAULT now()
);
