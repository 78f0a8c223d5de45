CREATE TABLE courts (
    id int AUTO_INCREMENT PRIMARY KEY,
    name varchar(100) NOT NULL,
    club varchar(100) NOT NULL DEFAULT '${club}'
) DEFAULT CHARSET = utf8mb4;
INSERT INTO courts (name) VALUES ('Centre'), ('Grass; the old one');
