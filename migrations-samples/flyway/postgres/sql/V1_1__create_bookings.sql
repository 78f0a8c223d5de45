CREATE TABLE bookings (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    court_id integer NOT NULL REFERENCES courts (id),
    player text NOT NULL,
    starts_at timestamptz NOT NULL
);

CREATE FUNCTION refuse_past_bookings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF new.starts_at < now() THEN
        RAISE EXCEPTION 'a booking cannot begin in the past';
    END IF;
    RETURN new;
END;
$$;
CREATE TRIGGER bookings_not_past BEFORE INSERT ON bookings FOR EACH ROW EXECUTE FUNCTION refuse_past_bookings();
