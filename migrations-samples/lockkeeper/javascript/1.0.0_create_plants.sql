-- description: Plants, written by hand
-- lockkeeper:up
CREATE TABLE plants (
    id integer PRIMARY KEY,
    name varchar(200) NOT NULL,
    slug varchar(200)
);
INSERT INTO plants (id, name) VALUES (1, 'Fern'), (2, 'Ivy; variegated'), (3, 'Olive tree');

-- lockkeeper:down
DROP TABLE plants;
