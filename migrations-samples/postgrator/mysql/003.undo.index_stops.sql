DROP INDEX stops_place ON stops;
