CREATE TABLE tools (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name varchar(100) NOT NULL
);
INSERT INTO tools (name) VALUES ('Hammer'), ('Saw');
