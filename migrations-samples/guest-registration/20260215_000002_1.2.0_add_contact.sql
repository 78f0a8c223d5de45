-- Migration: 1.2.0 - add_contact
-- Up Migration
ALTER TABLE guest_reg_guest ADD COLUMN IF NOT EXISTS phone VARCHAR(50);

-- Down Migration (Rollback)
-- No rollback available
