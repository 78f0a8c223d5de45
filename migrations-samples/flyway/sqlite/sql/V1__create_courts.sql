CREATE TABLE courts (
    id integer PRIMARY KEY,
    name text NOT NULL,
    club text NOT NULL DEFAULT '${club}'
);
INSERT INTO courts (name) VALUES ('Centre'), ('Grass; the old one');
