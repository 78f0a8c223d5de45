-- Verify orchard:yields

SELECT tree_id, kilograms FROM yields WHERE 1 = 0;
