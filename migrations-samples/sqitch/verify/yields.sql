-- Verify orchard:yields

SELECT tree_id, picked_on, kilograms FROM yields WHERE 1 = 0;
