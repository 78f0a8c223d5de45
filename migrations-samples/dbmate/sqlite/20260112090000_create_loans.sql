-- Loans, and a trigger whose body has semicolons.
-- migrate:up
CREATE TABLE loans (
    id integer PRIMARY KEY,
    book_id integer NOT NULL REFERENCES books (id),
    borrower text NOT NULL,
    lent_at text NOT NULL DEFAULT CURRENT_TIMESTAMP,
    returned_at text
);

CREATE TRIGGER loans_end AFTER UPDATE OF returned_at ON loans WHEN new.returned_at < new.lent_at
BEGIN
    SELECT RAISE(ABORT, 'returned before it was lent');
END;

-- migrate:down
DROP TABLE loans;
