-- no-transaction
CREATE INDEX CONCURRENTLY trips_skipper_idx ON trips (skipper);
