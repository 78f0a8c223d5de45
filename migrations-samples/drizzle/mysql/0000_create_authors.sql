CREATE TABLE `authors` (
	`id` int AUTO_INCREMENT NOT NULL,
	`name` varchar(200) NOT NULL,
	CONSTRAINT `authors_id` PRIMARY KEY(`id`)
);
