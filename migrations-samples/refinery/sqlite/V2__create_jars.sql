CREATE TABLE jars (
    id integer PRIMARY KEY,
    shelf_id integer NOT NULL,
    content text NOT NULL,
    filled_at text,
    FOREIGN KEY (shelf_id) REFERENCES shelves (id)
);
