-- description: Orders and their lines
-- author: Bakery wholesale
-- date: 2026-01-14
-- issue: BAKE-9
-- estimated: 1s
-- downtime: no
-- tables: orders, order_lines
-- modules: ordering
-- requires: 1.0.0, 1.1.0

-- lockkeeper:up
CREATE TABLE orders (
    id integer PRIMARY KEY,
    customer_id integer NOT NULL REFERENCES customers (id),
    ordered_on text NOT NULL
);

CREATE TABLE order_lines (
    id integer PRIMARY KEY,
    order_id integer NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    product_id integer NOT NULL REFERENCES products (id),
    amount integer NOT NULL CHECK (amount > 0),
    unit_price real NOT NULL
);

CREATE INDEX order_lines_order ON order_lines (order_id);

-- lockkeeper:down
DROP TABLE order_lines;
DROP TABLE orders;
