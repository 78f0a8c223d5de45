CREATE TABLE stops (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  route_id bigint NOT NULL REFERENCES routes (id),
  place varchar(100) NOT NULL
);
INSERT INTO routes (name) VALUES ('North; and back');
