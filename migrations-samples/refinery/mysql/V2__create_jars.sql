CREATE TABLE jars (
    id int AUTO_INCREMENT PRIMARY KEY,
    shelf_id integer NOT NULL,
    content varchar(100) NOT NULL,
    filled_at datetime,
    FOREIGN KEY (shelf_id) REFERENCES shelves (id)
) DEFAULT CHARSET = utf8mb4;
