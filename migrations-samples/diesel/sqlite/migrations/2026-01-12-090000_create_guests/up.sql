CREATE TABLE guests (
    id integer PRIMARY KEY,
    room_id integer NOT NULL,
    name text NOT NULL,
    arrived_at text,
    FOREIGN KEY (room_id) REFERENCES rooms (id)
);
