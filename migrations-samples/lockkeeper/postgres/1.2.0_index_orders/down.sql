-- lockkeeper:no-transaction
DROP INDEX CONCURRENTLY orders_ordered_at_idx;
