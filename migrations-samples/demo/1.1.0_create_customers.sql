-- description: Shops and kitchens that order from us
-- author: Bakery wholesale
-- date: 2026-01-07
-- issue: BAKE-4
-- estimated: 1s
-- downtime: no
-- tables: customers
-- modules: ordering

-- lockkeeper:up
CREATE TABLE customers (
    id integer PRIMARY KEY,
    name text NOT NULL,
    street text NOT NULL,
    fax text
);

INSERT INTO customers (name, street, fax) VALUES
    ('Corner Café', '12 Mill Lane', '555-0101'),
    ('Harbour Hotel', '1 Quay Road', '555-0102'),
    ('Green Street School', '40 Green Street', NULL),
    ('Station Kiosk', '2 Station Square', '555-0104'),
    ('Lakeside Canteen', '8 Lakeside', NULL),
    ('Old Town Deli', '17 Market Street', '555-0106'),
    ('City Hospital Kitchen', '100 Park Avenue', '555-0107'),
    ('Museum Tea Room', '3 Museum Hill', NULL),
    ('North Gate Bistro', '21 North Gate', '555-0109'),
    ('Riverside Farm Shop', '5 River Road', NULL),
    ('University Cafeteria', '60 College Way', '555-0111'),
    ('Theatre Bar', '9 Theatre Place', NULL);

SELECT count(*) AS customers, count(fax) AS with_a_fax FROM customers;

-- lockkeeper:down
DROP TABLE customers;
