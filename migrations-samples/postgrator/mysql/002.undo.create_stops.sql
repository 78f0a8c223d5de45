DELETE FROM routes;
DROP TABLE stops;
