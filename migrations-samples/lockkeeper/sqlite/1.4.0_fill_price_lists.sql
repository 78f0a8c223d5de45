-- description: Every plant is in a price list
-- author: Garden shop
-- requires: 1.3
-- changes: Prices can differ between lists
--   The old prices are those of the first list
-- prerequisites: No import of plants is running

-- lockkeeper:up
-- lockkeeper:no-transaction
-- lockkeeper:batch size=2 pause=1ms
UPDATE plants SET price_list = '${environment}'
WHERE id IN (SELECT id FROM plants WHERE price_list IS NULL LIMIT ${batchSize});

-- lockkeeper:down
UPDATE plants SET price_list = NULL;

-- lockkeeper:verify
-- lockkeeper:expect rows=0
SELECT id FROM plants WHERE price_list IS NULL;
