CREATE INDEX orders_plant_idx ON orders (plant_id, ordered_at);
