-- Loans and the function that ends them.
-- migrate:up
CREATE TABLE loans (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    book_id bigint NOT NULL REFERENCES books (id),
    borrower text NOT NULL,
    lent_at timestamptz NOT NULL DEFAULT now(),
    returned_at timestamptz
);

CREATE FUNCTION end_loan(loan bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE loans SET returned_at = now() WHERE id = loan AND returned_at IS NULL;
END;
$$;

-- migrate:down
DROP FUNCTION end_loan(bigint);
DROP TABLE loans;
