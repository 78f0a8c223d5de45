import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DumpInspector } from '../../electron/backups/mysql/dumpInspector.ts';

/** Lines as mariadb-dump 10.11 and mysqldump 8 write them. */
const dump = Buffer.from(`-- MariaDB dump 10.19  Distrib 10.11.19-MariaDB
CREATE SEQUENCE \`ticket\` start with 1;
CREATE TABLE \`patient\` (
  \`id\` int(11) NOT NULL COMMENT 'two\\nCREATE TABLE lines'
);
-- Dumping data for table \`patient\`
INSERT INTO \`patient\` VALUES
(1,'${'x'.repeat(1000)}\\nCREATE TABLE \`x\` (');
DELIMITER ;;
/*!50003 CREATE*/ /*!50017 DEFINER=\`a\`@\`%\`*/ /*!50003 TRIGGER t BEFORE INSERT ON patient FOR EACH ROW BEGIN
/*!50003 CREATE*/ is text of the body
-- Dump completed
END */;;
DELIMITER ;
/*!50001 CREATE VIEW \`v\` AS SELECT
 1 AS \`id\` */;
DELIMITER ;;
/*!50003 SET time_zone             = 'SYSTEM' */ ;;
/*!50106 CREATE*/ /*!50117 DEFINER=\`a\`@\`%\`*/ /*!50106 EVENT \`e\` ON SCHEDULE EVERY 1 DAY DO select 1
*/ ;;
DELIMITER ;
DELIMITER ;;
CREATE DEFINER=\`a\`@\`%\` PROCEDURE \`p\`()
begin
create table t (id int);
CREATE TABLE u (id int);
end ;;
DELIMITER ;
/*!50001 VIEW \`v\` AS select 1 AS \`id\` */;

-- Dump completed on 2026-11-20  7:28:01
`);

function inspected(pieces: readonly Buffer[]) {
  const inspector = new DumpInspector();
  for (const piece of pieces) inspector.add(piece);
  return { complete: inspector.end(), objects: inspector.objects, table: inspector.table };
}

const whole = {
  complete: true,
  objects: { table: 1, view: 1, sequence: 1, trigger: 1, event: 1, routine: 1 },
  table: 'patient',
};

test('Objects are counted at the beginnings of lines, never in bodies and rows', () => {
  expect(inspected([dump])).toEqual(whole);
});

test('It does not matter where the pieces end', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(dump.length), { maxLength: 30 }), (cuts) => {
      const places = [0, ...cuts.sort((a, b) => a - b), dump.length];
      expect(inspected(places.slice(1).map((end, index) => dump.subarray(places[index], end)))).toEqual(whole);
    }),
  );
});

test('A dump that ends anywhere before its end marker is not complete', () => {
  const marker = dump.lastIndexOf('-- Dump completed') + '-- Dump completed'.length;
  for (let end = 0; end < marker; end += 1) expect(inspected([dump.subarray(0, end)]).complete).toBe(false);
  expect(inspected([dump.subarray(0, marker)]).complete).toBe(true);
  expect(inspected([dump, Buffer.from('DROP TABLE patient;\n')]).complete).toBe(false);
});
