CREATE TABLE guests (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    room_id integer NOT NULL,
    name text NOT NULL,
    arrived_at timestamptz,
    FOREIGN KEY (room_id) REFERENCES rooms (id)
);
