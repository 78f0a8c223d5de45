CREATE INDEX trips_skipper_idx ON trips (skipper);
