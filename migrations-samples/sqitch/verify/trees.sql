-- Verify orchard:trees

SELECT id, variety, planted_on FROM trees WHERE 1 = 0;
