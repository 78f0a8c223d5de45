// Filled tables that statements are tried on, one of each kind that decides what a change costs.

export const mysqlTables: Readonly<Record<string, readonly string[]>> = {
  parent: [
    'CREATE OR REPLACE TABLE parent (id INT PRIMARY KEY, code INT NOT NULL, UNIQUE (code))',
    'INSERT INTO parent VALUES (1, 1), (2, 2)',
  ],
  person: [
    `CREATE OR REPLACE TABLE person (id INT PRIMARY KEY, age INT, rank_ INT NOT NULL DEFAULT 1, name VARCHAR(50), note VARCHAR(200),
      city VARCHAR(50), short VARCHAR(20), long_ VARCHAR(300), story TEXT, price DECIMAL(10,2), kind ENUM('a','b'), born DATETIME,
      seen TIMESTAMP NULL, parent_id INT, fixed CHAR(10), raw VARBINARY(20), old3 VARCHAR(50) CHARACTER SET utf8mb3,
      KEY by_age (age), KEY by_name (name)) CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci`,
    `INSERT INTO person VALUES (1, 1, 1, 'x', 'y', 'c', 's', 'z', 't', 1.5, 'a', '2020-01-01', NOW(), 1, 'q', 'w', 'o'),
      (2, 2, 1, 'x2', 'y', 'c', 's', 'z', 't', 2.5, 'a', '2020-01-01', NOW(), 2, 'q', 'w', 'o')`,
  ],
  child: [
    `CREATE OR REPLACE TABLE child (id INT PRIMARY KEY, parent_id INT, amount INT,
      CONSTRAINT child_parent FOREIGN KEY (parent_id) REFERENCES parent (id), CONSTRAINT positive CHECK (amount > 0))`,
    'INSERT INTO child VALUES (1, 1, 1)',
  ],
  computed: [
    'CREATE OR REPLACE TABLE computed (id INT PRIMARY KEY, a INT, later INT AS (a + 1) VIRTUAL, kept INT AS (a + 2) STORED, b INT, name VARCHAR(50))',
    'INSERT INTO computed (id, a) VALUES (1, 1)',
  ],
  article: [
    'CREATE OR REPLACE TABLE article (id INT PRIMARY KEY, title TEXT, body TEXT, FULLTEXT found (title))',
    "INSERT INTO article VALUES (1, 'x', 'y')",
  ],
  library: [
    'CREATE OR REPLACE TABLE library (id INT PRIMARY KEY, title TEXT, body TEXT, FULLTEXT a (title), FULLTEXT b (body))',
    "INSERT INTO library VALUES (1, 'x', 'y')",
  ],
  place: [
    'CREATE OR REPLACE TABLE place (id INT PRIMARY KEY, at_ POINT NOT NULL, SPATIAL KEY near (at_))',
    'INSERT INTO place VALUES (1, POINT(1, 1))',
  ],
  spot: [
    'CREATE OR REPLACE TABLE spot (id INT PRIMARY KEY, at_ POINT NOT NULL)',
    'INSERT INTO spot VALUES (1, POINT(1, 1))',
  ],
  small: [
    'CREATE OR REPLACE TABLE small (id INT PRIMARY KEY, x INT, s VARCHAR(50)) CHARSET=utf8mb4 ROW_FORMAT=COMPRESSED',
    "INSERT INTO small VALUES (1, 1, 's')",
  ],
  ancient: [
    'CREATE OR REPLACE TABLE ancient (id INT PRIMARY KEY, x INT, n INT NOT NULL, s VARCHAR(50)) CHARSET=utf8mb4 ROW_FORMAT=REDUNDANT',
    "INSERT INTO ancient VALUES (1, 1, 1, 's')",
  ],
  keyless: ['CREATE OR REPLACE TABLE keyless (a INT NOT NULL, b INT)', 'INSERT INTO keyless VALUES (1, 1), (2, 2)'],
  parted: [
    `CREATE OR REPLACE TABLE parted (id INT PRIMARY KEY, x INT)
      PARTITION BY RANGE (id) (PARTITION p0 VALUES LESS THAN (100), PARTITION p1 VALUES LESS THAN (200))`,
    'INSERT INTO parted VALUES (1, 1), (150, 1)',
  ],
  plain: ['CREATE OR REPLACE TABLE plain (id INT PRIMARY KEY, x INT) ENGINE=MyISAM', 'INSERT INTO plain VALUES (1, 1)'],
  western: [
    'CREATE OR REPLACE TABLE western (id INT PRIMARY KEY, s VARCHAR(50), n INT) CHARSET=latin1 COLLATE=latin1_swedish_ci',
    "INSERT INTO western VALUES (1, 'x', 1)",
  ],
  counters: [
    'CREATE OR REPLACE TABLE counters (id INT PRIMARY KEY, n INT) CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci',
    'INSERT INTO counters VALUES (1, 1)',
  ],
};

/** `ALTER TABLE` before each, but for whole statements. */
export const changes: readonly string[] = `
person ADD COLUMN n INT
person ADD COLUMN n INT FIRST
person ADD COLUMN n INT NOT NULL DEFAULT 5 AFTER age
person ADD COLUMN n INT NOT NULL
person ADD COLUMN n DATETIME DEFAULT CURRENT_TIMESTAMP
person ADD COLUMN n VARCHAR(36) DEFAULT (UUID())
person ADD COLUMN n INT DEFAULT (1 + 1)
person ADD COLUMN n INT AS (age + 1) VIRTUAL
person ADD COLUMN n INT AS (age + 1) STORED
person ADD COLUMN n INT UNIQUE
person ADD COLUMN n INT CHECK (n > 0)
person ADD COLUMN n INT REFERENCES parent (id)
person ADD COLUMN n JSON
person ADD COLUMN (n INT, m INT)
person ADD COLUMN n INT INVISIBLE
person ADD COLUMN n INT AUTO_INCREMENT UNIQUE
keyless ADD COLUMN n INT AUTO_INCREMENT PRIMARY KEY
keyless ADD PRIMARY KEY (a)
keyless ADD UNIQUE (a)
keyless ADD UNIQUE (b)
computed ADD COLUMN n INT
computed ADD COLUMN n INT FIRST
computed ADD COLUMN n INT AFTER id
computed DROP COLUMN b
computed DROP COLUMN later
computed DROP COLUMN kept
computed MODIFY b INT FIRST
article ADD COLUMN n INT
article ADD COLUMN n INT AS (id + 1) VIRTUAL
article DROP COLUMN body
article RENAME COLUMN body TO text_
article FORCE
article MODIFY body TEXT NOT NULL
article ADD FULLTEXT INDEX (body)
article DROP INDEX found
library FORCE
library ADD COLUMN n INT
place ADD COLUMN n INT
place FORCE
spot ADD SPATIAL INDEX (at_)
small ADD COLUMN n INT
small DROP COLUMN x
ancient ADD COLUMN q INT
ancient MODIFY s VARCHAR(100)
ancient MODIFY x INT NOT NULL
ancient MODIFY n INT NULL
child ADD COLUMN n INT
child ADD INDEX (amount)
child DROP FOREIGN KEY child_parent
child DROP CONSTRAINT child_parent
child DROP CONSTRAINT positive
person DROP COLUMN price
person DROP COLUMN age
person DROP COLUMN id
person MODIFY price DECIMAL(10,2) FIRST
person MODIFY COLUMN age INT AFTER name
person RENAME COLUMN age TO years
person CHANGE age years INT
person CHANGE age years BIGINT
person CHANGE age years INT NOT NULL
person ALTER age SET DEFAULT 4
person ALTER age DROP DEFAULT
person MODIFY age INT DEFAULT 3
person MODIFY age INT COMMENT 'x'
person MODIFY age INT
person MODIFY age INT INVISIBLE
person MODIFY kind ENUM('a','b','c')
person MODIFY kind ENUM('x','a','b')
person MODIFY kind ENUM('a')
person MODIFY kind SET('a','b')
person MODIFY city VARCHAR(60)
person MODIFY city VARCHAR(100)
person MODIFY city VARCHAR(40)
person MODIFY name VARCHAR(60)
person MODIFY short VARCHAR(300)
person MODIFY long_ VARCHAR(400)
person MODIFY city TEXT
person MODIFY story MEDIUMTEXT
person MODIFY story TEXT COMPRESSED
person MODIFY raw VARBINARY(300)
person MODIFY fixed CHAR(20)
person MODIFY fixed VARCHAR(10)
person MODIFY age BIGINT
person MODIFY age SMALLINT
person MODIFY age INT UNSIGNED
person MODIFY price DECIMAL(12,2)
person MODIFY born DATETIME(6)
person MODIFY seen DATETIME
person MODIFY age INT NOT NULL
person MODIFY rank_ INT NULL
person MODIFY city VARCHAR(50) CHARACTER SET latin1
person MODIFY city VARCHAR(50) COLLATE utf8mb4_bin
person MODIFY name VARCHAR(50) COLLATE utf8mb4_bin
person MODIFY old3 VARCHAR(50) CHARACTER SET utf8mb4
person MODIFY id BIGINT
person MODIFY id INT AUTO_INCREMENT
person ADD INDEX (price)
person ADD UNIQUE INDEX (price, id)
person ADD FULLTEXT INDEX (story)
person ADD FULLTEXT INDEX (story), ADD FULLTEXT INDEX (note)
person DROP INDEX by_age
person RENAME INDEX by_age TO by_years
person DROP INDEX by_age, ADD INDEX by_age (age, rank_)
person ALTER INDEX by_age IGNORED
person DROP PRIMARY KEY
person DROP PRIMARY KEY, ADD PRIMARY KEY (id, rank_)
person ADD CONSTRAINT person_parent FOREIGN KEY (parent_id) REFERENCES parent (id)
person ADD FOREIGN KEY (age) REFERENCES parent (id)
person ADD CONSTRAINT grown CHECK (age > 0)
person ENGINE=InnoDB
person FORCE
person ENGINE=MyISAM
person ROW_FORMAT=COMPRESSED
person COMMENT='x'
person AUTO_INCREMENT=100
person STATS_PERSISTENT=1
person CONVERT TO CHARACTER SET latin1
person CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
western CONVERT TO CHARACTER SET utf8mb4
western MODIFY s VARCHAR(50) CHARACTER SET utf8mb4
western DEFAULT CHARACTER SET utf8mb4
person COLLATE utf8mb4_bin
person RENAME TO people
person ORDER BY age
person ADD SYSTEM VERSIONING
person PARTITION BY HASH (id) PARTITIONS 4
parted REMOVE PARTITIONING
parted ADD COLUMN n INT
parted ADD INDEX (x)
parted MODIFY x BIGINT
person ADD COLUMN n INT, ADD INDEX (price)
person ADD COLUMN n INT, DROP INDEX by_age
person ADD COLUMN n INT, MODIFY age BIGINT
person ADD COLUMN n INT, DROP COLUMN price
person DROP COLUMN price, ADD COLUMN price INT
person ADD COLUMN n INT, ADD CONSTRAINT positive CHECK (n > 0)
person MODIFY city VARCHAR(60), ADD INDEX (price)
person MODIFY price DECIMAL(10,2) FIRST, ADD INDEX (price)
person RENAME COLUMN city TO town, ADD INDEX (price)
person COMMENT='a', ADD INDEX (price)
person ADD INDEX (n), ADD COLUMN n INT
plain ADD COLUMN n INT
plain ADD INDEX (x)
plain MODIFY x INT DEFAULT 3
plain RENAME COLUMN x TO y
plain COMMENT='x'
plain ENGINE=InnoDB
plain FORCE
CREATE INDEX by_price ON person (price)
CREATE FULLTEXT INDEX by_story ON person (story)
DROP INDEX by_age ON person
OPTIMIZE TABLE person
OPTIMIZE TABLE article
ALTER TABLE person ADD COLUMN n INT, ALGORITHM=COPY, LOCK=EXCLUSIVE`
  .trim()
  .split('\n')
  .map((line) => (/^(?:CREATE|DROP|ALTER|OPTIMIZE)/.test(line) ? line : `ALTER TABLE ${line}`));

/** The same where foreign keys are not checked. */
export const uncheckedChanges: readonly string[] = [
  'ALTER TABLE person ADD COLUMN n INT REFERENCES parent (id)',
  'ALTER TABLE person ADD CONSTRAINT person_parent FOREIGN KEY (parent_id) REFERENCES parent (id)',
  'ALTER TABLE person ADD FOREIGN KEY (age) REFERENCES parent (id)',
];
