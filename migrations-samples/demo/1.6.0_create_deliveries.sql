-- description: Deliveries, never before the order
-- author: Bakery wholesale
-- date: 2026-02-24
-- issue: BAKE-25
-- estimated: 1s
-- downtime: no
-- tables: deliveries
-- modules: delivery
-- requires: 1.2.0

-- lockkeeper:up
CREATE TABLE deliveries (
    order_id integer PRIMARY KEY REFERENCES orders (id) ON DELETE CASCADE,
    delivered_on text NOT NULL,
    signed_for integer NOT NULL DEFAULT 0
);

CREATE TRIGGER deliveries_after_order BEFORE INSERT ON deliveries
WHEN new.delivered_on < (SELECT ordered_on FROM orders WHERE id = new.order_id)
BEGIN
    SELECT RAISE(ABORT, 'delivered before it was ordered');
END;

INSERT INTO deliveries (order_id, delivered_on, signed_for)
SELECT id, date(ordered_on, '+1 day'), id % 4 <> 0 FROM orders WHERE id <= 350;

SELECT count(*) AS delivered, sum(signed_for) AS signed_for FROM deliveries;

-- lockkeeper:down
DROP TABLE deliveries;
