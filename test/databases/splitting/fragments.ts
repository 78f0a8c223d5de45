// Pieces of SQL in which splitters go wrong, and ways to put them together.
import fc from 'fast-check';

/** Between two tokens or statements. */
export const blanks = [
  ' ',
  '\n',
  '\r\n',
  '\t',
  ' -- a comment; with \' and " and $$ in it\n',
  '/* a comment; with \' and $$ */',
  '-- é\n-- 😀;\n',
  '/**/',
  '\n/*;*/\n--;\n',
];

/** Anything at all, right or wrong: quotes left open, halves of operators, client commands. */
export const debris = [
  ...["'", '"', '`', '[', ']', '$$', '$', '$a$', '$1', "E'", "e'\\", "U&'", 'N', '\\', "\\'", "''", '""', '``'],
  ...['--', '-- x\n', '-', '/*', '*/', '/', '*', '/*!', '/*!50003 ', '/*M!100000', '/*+', '#', '# y\n', '/*M!999999\\-', '!'],
  ...[';', ';', ';', ';;', '//', 'DELIMITER //\n', 'DELIMITER ;\n', 'delimiter GO\n', 'DELIMITER', '(', ')', ',', '.', ':', '@'],
  ...['\n', '\r', '\r\n', ' ', '\t', '\ufeff', 'é', '😀', '\ud83d', '\0', 'a', 'x1', '1', '1e'],
  ...['BEGIN ', 'ATOMIC ', 'NOT ', 'END', ' END ', 'CASE ', 'WHEN ', 'THEN ', 'ELSE ', 'IF ', 'LOOP ', 'REPEAT ', 'UNTIL ', 'FOR '],
  ...['CREATE ', 'FUNCTION ', 'PROCEDURE ', 'RULE ', 'TRIGGER ', 'EVENT ', 'DO ', 'EACH ROW ', 'ALTER ', 'OR REPLACE ', 'TEMP '],
  ...['COPY t FROM stdin;\n', 'copy t from STDIN', 'COPY ', 'FROM ', 'stdin', '1\t2\n', '\\.', '\\.\n', '\n\\.\n', '\\.\r\n', '.read x\n'],
  ...['\\restrict x\n', '\\gexec', '\\G', '\\N', 'source x\n', 'GO', 'go\n', 'SELECT 1', "INSERT INTO t VALUES ('a;', 'b')", 'DECLARE CONTINUE HANDLER FOR NOT FOUND '],
];

export const scriptOf = (fragments: readonly string[], maxLength = 40): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...fragments), { maxLength, size: 'max' }).map((parts) => parts.join(''));
