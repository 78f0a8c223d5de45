-- Revert orchard:pests

DROP TABLE pests;
