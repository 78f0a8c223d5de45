CREATE TABLE rooms (
    id int AUTO_INCREMENT PRIMARY KEY,
    name varchar(100) NOT NULL
) DEFAULT CHARSET = utf8mb4;
INSERT INTO rooms (name) VALUES ('Blue; upstairs'), ('Hall');
