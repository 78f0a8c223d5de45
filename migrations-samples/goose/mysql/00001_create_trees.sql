-- +goose Up
CREATE TABLE trees (
    id int AUTO_INCREMENT PRIMARY KEY,
    species varchar(100) NOT NULL,
    planted date
) DEFAULT CHARSET = utf8mb4;
INSERT INTO trees (species, planted) VALUES ('Oak', '1988-04-01'), ('Lime; the tall one', NULL);

-- +goose Down
DROP TABLE trees;
