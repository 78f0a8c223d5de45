-- description: The orders of the first season, from the paper books
-- author: Bakery wholesale
-- date: 2026-01-20
-- issue: BAKE-12
-- estimated: 2s
-- downtime: no
-- tables: orders, order_lines
-- modules: ordering, reports
-- requires: 1.2.0

-- lockkeeper:up
WITH RECURSIVE day (number) AS (
    SELECT 0 UNION ALL SELECT number + 1 FROM day WHERE number < 399
)
INSERT INTO orders (customer_id, ordered_on)
SELECT number * 7 % 12 + 1, date('2026-01-01', '+' || (number / 5) || ' days') FROM day;

INSERT INTO order_lines (order_id, product_id, amount, unit_price)
SELECT orders.id, products.id, (orders.id * 3 + products.id) % 9 + 1, products.price
FROM orders
JOIN products ON (orders.id + products.id) % 3 = 0;

SELECT count(*) AS orders FROM orders;

SELECT products.name, sum(order_lines.amount) AS sold
FROM order_lines
JOIN products ON products.id = order_lines.product_id
GROUP BY products.id
ORDER BY sold DESC
LIMIT 3;

-- lockkeeper:down
DELETE FROM order_lines;
DELETE FROM orders;

-- lockkeeper:verify
SELECT count(*) AS orders_without_lines
FROM orders
WHERE NOT EXISTS (SELECT 1 FROM order_lines WHERE order_lines.order_id = orders.id);
