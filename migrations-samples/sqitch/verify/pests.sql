-- Verify orchard:pests

SELECT tree_id, found_on, pest FROM pests WHERE 1 = 0;
