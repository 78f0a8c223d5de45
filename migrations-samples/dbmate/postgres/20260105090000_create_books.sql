-- migrate:up
CREATE TABLE books (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    title text NOT NULL,
    published integer
);
INSERT INTO books (title, published) VALUES ('The Art of Indexing', 1998), ('A Short Walk; with Semicolons', 2004);

-- migrate:down
DROP TABLE books;
