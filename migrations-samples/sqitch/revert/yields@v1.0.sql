-- Revert orchard:yields

DROP VIEW yields;
