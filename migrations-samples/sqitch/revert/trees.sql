-- Revert orchard:trees

DROP TABLE trees;
