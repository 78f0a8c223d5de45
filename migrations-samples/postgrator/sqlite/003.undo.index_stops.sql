DROP INDEX stops_place;
