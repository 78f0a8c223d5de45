CREATE TABLE shelves (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    label text NOT NULL
);
INSERT INTO shelves (label) VALUES ('A; top'), ('B');
