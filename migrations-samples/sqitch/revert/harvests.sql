-- Revert orchard:harvests

DROP TABLE harvests;
