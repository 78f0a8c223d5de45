-- Migration: 1.1.0 - add_indexes
-- Up Migration
CREATE INDEX IF NOT EXISTS idx_guest_trip_id ON guest_reg_guest(trip_id);

-- Down Migration (Rollback)
DROP INDEX IF EXISTS idx_guest_trip_id;
