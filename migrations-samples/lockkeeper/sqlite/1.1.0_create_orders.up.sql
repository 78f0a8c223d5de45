-- description: Orders
-- requires: 1.0.0
CREATE TABLE orders (
    id integer PRIMARY KEY,
    plant_id integer NOT NULL REFERENCES plants (id),
    amount integer NOT NULL,
    ordered_at text NOT NULL DEFAULT CURRENT_TIMESTAMP
);
