-- lockkeeper:no-transaction
DROP INDEX CONCURRENTLY orders_plant_idx;
