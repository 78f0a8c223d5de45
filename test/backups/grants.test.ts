import { describe, expect, test } from 'vitest';
import { has, readGrants } from '../../electron/backups/mysql/grants.ts';

const holds = (grants: readonly string[], privilege = 'TRIGGER', database = 'ward_7'): boolean =>
  has(readGrants(grants, database).database, privilege);

describe('Grants of MariaDB and MySQL', () => {
  test.each([
    ["GRANT ALL PRIVILEGES ON *.* TO `a`@`%` IDENTIFIED BY PASSWORD '*25' WITH GRANT OPTION", true],
    ['GRANT SELECT, TRIGGER ON `ward_7`.* TO `a`@`%`', true],
    ['GRANT SELECT, TRIGGER ON "ward_7".* TO "a"@"%"', true],
    ['GRANT TRIGGER ON `ward\\_7`.* TO `a`@`%`', true],
    ['GRANT TRIGGER ON `ward%`.* TO `a`@`%`', true],
    ['GRANT TRIGGER ON `ward_7`.`patient` TO `a`@`%`', false],
    ['GRANT TRIGGER ON `ward\\_8`.* TO `a`@`%`', false],
    ['GRANT TRIGGER ON `ward\\%`.* TO `a`@`%`', false],
    ['GRANT TRIGGER (`a`, `b`), SELECT ON `ward_7`.* TO `a`@`%`', false],
    ['GRANT USAGE ON *.* TO `TRIGGER ON ward_7.* TO x`@`%`', false],
    ['GRANT `TRIGGER` TO `a`@`%`', false],
    ['GRANT PROXY ON ``@`%` TO `a`@`%`', false],
  ])('%s', (grant, expected) => {
    expect(holds([grant])).toBe(expected);
  });

  test('a partial revoke takes a global privilege away in one database', () => {
    const grants = ['GRANT SELECT, TRIGGER ON *.* TO `a`@`%`', 'REVOKE TRIGGER ON `ward_7`.* FROM `a`@`%`'];
    expect(holds(grants)).toBe(false);
    expect(holds(grants, 'SELECT')).toBe(true);
    expect(holds(grants, 'TRIGGER', 'other')).toBe(true);
  });

  test('rights on mysql.proc are kept apart', () => {
    expect(readGrants(['GRANT SELECT ON `mysql`.`proc` TO `a`@`%`'], 'ward_7')).toMatchObject({
      proc: new Set(['SELECT']),
      database: new Set(),
    });
  });
});
