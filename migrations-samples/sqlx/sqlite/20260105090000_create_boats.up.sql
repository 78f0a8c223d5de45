CREATE TABLE boats (
    id integer PRIMARY KEY,
    name text NOT NULL,
    berth integer NOT NULL
);
INSERT INTO boats (name, berth) VALUES ('Marie; the old one', 1), ('Wave', 2);
