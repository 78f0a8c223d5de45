CREATE TABLE tools (
  id bigint AUTO_INCREMENT PRIMARY KEY,
  name varchar(100) NOT NULL
);
INSERT INTO tools (name) VALUES ('Hammer'), ('Saw');
