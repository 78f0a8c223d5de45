CREATE TABLE shelves (
    id integer PRIMARY KEY,
    label text NOT NULL
);
INSERT INTO shelves (label) VALUES ('A; top'), ('B');
