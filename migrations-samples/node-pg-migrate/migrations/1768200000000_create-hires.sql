-- Up Migration
CREATE TABLE hires (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  boat_id integer NOT NULL REFERENCES boats (id),
  day date NOT NULL,
  UNIQUE (boat_id, day)
);
COMMENT ON TABLE hires IS 'One boat, one day; the name is asked for on the jetty';

-- Down Migration
DROP TABLE hires;
