CREATE TABLE trips (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    boat_id integer NOT NULL,
    skipper text NOT NULL,
    left_at timestamptz,
    FOREIGN KEY (boat_id) REFERENCES boats (id)
);
