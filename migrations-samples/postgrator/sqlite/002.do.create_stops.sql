CREATE TABLE stops (
  id integer PRIMARY KEY,
  route_id bigint NOT NULL REFERENCES routes (id),
  place varchar(100) NOT NULL
);
INSERT INTO routes (name) VALUES ('North; and back');
