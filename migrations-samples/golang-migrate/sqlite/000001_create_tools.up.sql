CREATE TABLE tools (
  id integer PRIMARY KEY,
  name varchar(100) NOT NULL
);
INSERT INTO tools (name) VALUES ('Hammer'), ('Saw');
