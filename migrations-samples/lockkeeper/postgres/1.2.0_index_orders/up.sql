-- lockkeeper:no-transaction
CREATE INDEX CONCURRENTLY orders_plant_idx ON orders (plant_id, ordered_at);
