CREATE TABLE rooms (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL
);
INSERT INTO rooms (name) VALUES ('Blue; upstairs'), ('Hall');
