CREATE INDEX stops_place ON stops (place);
