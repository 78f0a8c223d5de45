-- lockkeeper:no-transaction
CREATE INDEX CONCURRENTLY orders_ordered_at_idx ON orders (ordered_at);
