-- Deploy orchard:trees

CREATE TABLE trees (
    id INTEGER NOT NULL PRIMARY KEY,
    variety VARCHAR(60) NOT NULL,
    planted_on DATE NOT NULL
);
