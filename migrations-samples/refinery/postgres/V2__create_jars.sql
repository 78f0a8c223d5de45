CREATE TABLE jars (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    shelf_id integer NOT NULL,
    content text NOT NULL,
    filled_at timestamptz,
    FOREIGN KEY (shelf_id) REFERENCES shelves (id)
);
