CREATE TABLE guests (
    id int AUTO_INCREMENT PRIMARY KEY,
    room_id integer NOT NULL,
    name varchar(100) NOT NULL,
    arrived_at datetime,
    FOREIGN KEY (room_id) REFERENCES rooms (id)
) DEFAULT CHARSET = utf8mb4;
