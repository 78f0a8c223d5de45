CREATE TABLE rooms (
    id integer PRIMARY KEY,
    name text NOT NULL
);
INSERT INTO rooms (name) VALUES ('Blue; upstairs'), ('Hall');
