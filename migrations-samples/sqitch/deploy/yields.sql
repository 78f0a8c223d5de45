-- Deploy orchard:yields
-- requires: yields@v1.0

DROP VIEW yields;

CREATE VIEW yields AS
SELECT tree_id, picked_on, SUM(kilograms) AS kilograms
FROM harvests
GROUP BY tree_id, picked_on;
