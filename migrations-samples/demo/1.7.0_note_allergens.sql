-- description: Allergens of every product, for the new labels
-- author: Bakery wholesale
-- date: 2026-03-09
-- issue: BAKE-31
-- estimated: 1s
-- downtime: no
-- tables: products
-- modules: catalogue, labels
-- requires: 1.0.0

-- lockkeeper:up
ALTER TABLE products ADD COLUMN allergens text NOT NULL DEFAULT 'gluten';

UPDATE products SET allergens = 'gluten, milk' WHERE name IN ('Butter croissant', 'Cinnamon roll', 'Oat biscuits, bag');
UPDATE products SET allergens = 'gluten, milk, eggs' WHERE name LIKE '%cake%';

SELECT allergens, count(*) AS products FROM products GROUP BY allergens ORDER BY allergens;

-- lockkeeper:down
ALTER TABLE products DROP COLUMN allergens;

-- lockkeeper:verify
SELECT name FROM products WHERE allergens = '';
