CREATE TABLE boats (
    id int AUTO_INCREMENT PRIMARY KEY,
    name varchar(100) NOT NULL,
    berth integer NOT NULL
) DEFAULT CHARSET = utf8mb4;
INSERT INTO boats (name, berth) VALUES ('Marie; the old one', 1), ('Wave', 2);
