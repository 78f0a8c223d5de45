CREATE INDEX orders_ordered_at_idx ON orders (ordered_at);
