-- description: The day's baking list without reading every order
-- author: Bakery wholesale
-- date: 2026-02-02
-- issue: BAKE-17
-- estimated: 1s
-- downtime: no
-- tables: orders
-- modules: reports

-- lockkeeper:up
CREATE INDEX orders_day ON orders (ordered_on, customer_id);

-- lockkeeper:down
DROP INDEX orders_day;
