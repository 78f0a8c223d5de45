-- description: Prices of order lines in whole cents; fax numbers go
-- author: Bakery wholesale
-- date: 2026-03-16
-- issue: BAKE-38
-- estimated: 2m
-- downtime: yes
-- tables: order_lines, customers
-- modules: ordering, invoicing, reports
-- requires: 1.2.0, 1.5.0
-- prerequisites: The till program is closed, The invoices of the month are printed
-- notes: The table of order lines is written anew, and the column of fax numbers is dropped for good.
--   Older versions of the till program cannot read the new table.
-- rollback-notes: Prices come back, fax numbers do not: restore the backup if they are needed.

-- lockkeeper:up
DROP VIEW order_totals;

CREATE TABLE order_lines_in_cents (
    id integer PRIMARY KEY,
    order_id integer NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    product_id integer NOT NULL REFERENCES products (id),
    amount integer NOT NULL CHECK (amount > 0),
    unit_price_cents integer NOT NULL
);

INSERT INTO order_lines_in_cents (id, order_id, product_id, amount, unit_price_cents)
SELECT id, order_id, product_id, amount, CAST(round(unit_price * 100) AS integer) FROM order_lines;

DROP TABLE order_lines;

ALTER TABLE order_lines_in_cents RENAME TO order_lines;

CREATE INDEX order_lines_order ON order_lines (order_id);

CREATE VIEW order_totals AS
SELECT orders.id AS order_id, orders.customer_id, orders.ordered_on, sum(order_lines.amount * order_lines.unit_price_cents) AS total_cents
FROM orders
JOIN order_lines ON order_lines.order_id = orders.id
GROUP BY orders.id;

ALTER TABLE customers DROP COLUMN fax;

SELECT count(*) AS lines, sum(amount * unit_price_cents) AS worth_in_cents FROM order_lines;

-- lockkeeper:down
DROP VIEW order_totals;

CREATE TABLE order_lines_in_euro (
    id integer PRIMARY KEY,
    order_id integer NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    product_id integer NOT NULL REFERENCES products (id),
    amount integer NOT NULL CHECK (amount > 0),
    unit_price real NOT NULL
);

INSERT INTO order_lines_in_euro (id, order_id, product_id, amount, unit_price)
SELECT id, order_id, product_id, amount, unit_price_cents / 100.0 FROM order_lines;

DROP TABLE order_lines;

ALTER TABLE order_lines_in_euro RENAME TO order_lines;

CREATE INDEX order_lines_order ON order_lines (order_id);

CREATE VIEW order_totals AS
SELECT orders.id AS order_id, orders.customer_id, orders.ordered_on, round(sum(order_lines.amount * order_lines.unit_price), 2) AS total
FROM orders
JOIN order_lines ON order_lines.order_id = orders.id
GROUP BY orders.id;

ALTER TABLE customers ADD COLUMN fax text;

-- lockkeeper:verify
SELECT count(*) AS lines_without_price FROM order_lines WHERE unit_price_cents <= 0;
