-- description: Price lists
-- author: Garden shop
-- requires: create_plants
-- timeout: 30s
-- notes: The list gets the name of the environment; it can be renamed later.

-- lockkeeper:up
CREATE TABLE price_lists (
    id integer PRIMARY KEY,
    name text NOT NULL
);
-- lockkeeper:expect rows=1
INSERT INTO price_lists (name) VALUES (${environment:literal});
ALTER TABLE plants ADD COLUMN price_list text;

-- lockkeeper:down
ALTER TABLE plants DROP COLUMN price_list;
DROP TABLE price_lists;

-- lockkeeper:verify
-- lockkeeper:expect rows=1
SELECT name FROM price_lists;
