CREATE TABLE courts (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    club text NOT NULL DEFAULT '${club}'
);
INSERT INTO courts (name) VALUES ('Centre'), ('Grass; the old one');
