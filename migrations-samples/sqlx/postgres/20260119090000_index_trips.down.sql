-- no-transaction
DROP INDEX CONCURRENTLY trips_skipper_idx;
