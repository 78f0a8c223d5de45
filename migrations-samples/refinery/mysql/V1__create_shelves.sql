CREATE TABLE shelves (
    id int AUTO_INCREMENT PRIMARY KEY,
    label varchar(100) NOT NULL
) DEFAULT CHARSET = utf8mb4;
INSERT INTO shelves (label) VALUES ('A; top'), ('B');
