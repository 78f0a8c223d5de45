-- description: What each order is worth
-- author: Bakery wholesale
-- date: 2026-02-10
-- issue: BAKE-21
-- estimated: 1s
-- downtime: no
-- tables: orders, order_lines
-- modules: reports, invoicing

-- lockkeeper:up
CREATE VIEW order_totals AS
SELECT orders.id AS order_id, orders.customer_id, orders.ordered_on, round(sum(order_lines.amount * order_lines.unit_price), 2) AS total
FROM orders
JOIN order_lines ON order_lines.order_id = orders.id
GROUP BY orders.id;

SELECT ordered_on, total FROM order_totals ORDER BY total DESC LIMIT 5;

-- lockkeeper:down
DROP VIEW order_totals;
