-- description: Plants and what they cost
-- author: Garden shop
-- issue: SHOP-1
-- estimated: 1s
-- downtime: no
-- tables: plants
-- modules: catalogue

-- lockkeeper:up
CREATE TABLE plants (
    id integer PRIMARY KEY,
    name text NOT NULL,
    price_cents integer NOT NULL CHECK (price_cents >= 0),
    listed_at text NOT NULL DEFAULT CURRENT_TIMESTAMP
);
INSERT INTO plants (name, price_cents) VALUES ('Fern', 450), ('Ivy; variegated', 390), ('Olive', 2900);

-- lockkeeper:down
DROP TABLE plants;

-- lockkeeper:verify
SELECT count(*) AS plants FROM plants;
