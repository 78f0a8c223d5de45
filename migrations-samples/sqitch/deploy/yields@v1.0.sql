-- Deploy orchard:yields
-- requires: harvests

CREATE VIEW yields AS
SELECT tree_id, SUM(kilograms) AS kilograms
FROM harvests
GROUP BY tree_id;
