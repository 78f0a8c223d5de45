-- Verify orchard:harvests

BEGIN;

SELECT tree_id, picked_on, kilograms FROM harvests WHERE 1 = 0;

ROLLBACK;
