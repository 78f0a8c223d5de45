-- description: The products on offer
-- author: Bakery wholesale
-- date: 2026-01-05
-- issue: BAKE-1
-- estimated: 1s
-- downtime: no
-- tables: products
-- modules: catalogue

-- lockkeeper:up
CREATE TABLE products (
    id integer PRIMARY KEY,
    name text NOT NULL UNIQUE,
    price real NOT NULL CHECK (price > 0),
    weight_grams integer NOT NULL
);

INSERT INTO products (name, price, weight_grams) VALUES
    ('Rye bread', 4.20, 1000),
    ('Spelt bread', 4.80, 750),
    ('Baguette', 1.90, 250),
    ('Butter croissant', 1.40, 70),
    ('Pretzel', 0.95, 85),
    ('Cinnamon roll', 1.75, 110),
    ('Poppy seed cake', 18.50, 1400),
    ('Oat biscuits, bag', 3.60, 300);

SELECT count(*) AS products, round(avg(price), 2) AS average_price FROM products;

-- lockkeeper:down
DROP TABLE products;

-- lockkeeper:verify
SELECT name FROM products WHERE price <= 0;
