-- migrate:up
CREATE TABLE books (
    id bigint AUTO_INCREMENT PRIMARY KEY,
    title varchar(200) NOT NULL,
    published int
) DEFAULT CHARSET = utf8mb4;
INSERT INTO books (title, published) VALUES ('The Art of Indexing', 1998), ('A Short Walk; with Semicolons', 2004);

-- migrate:down
DROP TABLE books;
