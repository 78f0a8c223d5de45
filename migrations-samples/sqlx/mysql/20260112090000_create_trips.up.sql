CREATE TABLE trips (
    id int AUTO_INCREMENT PRIMARY KEY,
    boat_id integer NOT NULL,
    skipper varchar(100) NOT NULL,
    left_at datetime,
    FOREIGN KEY (boat_id) REFERENCES boats (id)
) DEFAULT CHARSET = utf8mb4;
