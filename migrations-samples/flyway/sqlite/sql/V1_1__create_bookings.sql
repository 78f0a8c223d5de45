CREATE TABLE bookings (
    id integer PRIMARY KEY,
    court_id integer NOT NULL REFERENCES courts (id),
    player text NOT NULL,
    starts_at text NOT NULL
);

CREATE TRIGGER bookings_not_past BEFORE INSERT ON bookings WHEN new.starts_at < datetime('now')
BEGIN
    SELECT RAISE(ABORT, 'a booking cannot begin in the past');
END;
