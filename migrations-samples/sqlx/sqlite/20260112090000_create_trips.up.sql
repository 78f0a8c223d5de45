CREATE TABLE trips (
    id integer PRIMARY KEY,
    boat_id integer NOT NULL,
    skipper text NOT NULL,
    left_at text,
    FOREIGN KEY (boat_id) REFERENCES boats (id)
);
