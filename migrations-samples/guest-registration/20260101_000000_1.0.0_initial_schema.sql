-- Migration: 1.0.0 - initial_schema
-- Created: 2026-01-01T00:00:00
-- Up Migration
CREATE TABLE IF NOT EXISTS guest_reg_trip (
    id SERIAL PRIMARY KEY,
    title VARCHAR(200) NOT NULL,
    start_date DATE NOT NULL,
    closed BOOLEAN DEFAULT FALSE
);

CREATE TABLE IF NOT EXISTS guest_reg_guest (
    id SERIAL PRIMARY KEY,
    trip_id INTEGER NOT NULL REFERENCES guest_reg_trip(id),
    name VARCHAR(200) NOT NULL
);

INSERT INTO guest_reg_trip (title, start_date) VALUES ('Summer at the lake', '2026-07-01');

-- Down Migration (Rollback)
DROP TABLE IF EXISTS guest_reg_guest;
DROP TABLE IF EXISTS guest_reg_trip;
