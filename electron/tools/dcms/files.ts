/** DCMS: `YYYYMMDDHHMMSS_name.up.sql` with `.down.sql` beside it. Its source is not public; assumptions are in the tool's page. */
import type { Migration } from '../../../shared/model/migration.ts';
import { Sha256 } from '../common/checksum.ts';
import { listFolder } from '../common/folder.ts';
import { groupByBase } from '../common/pairs.ts';
import { downWithoutUp, printable, sourceProblem, withoutDuplicates } from '../common/problems.ts';
import { scanFile, wholeScript } from '../common/scan.ts';
import { type Findings, newFindings, readResult } from '../common/source.ts';
import type { ReadResult } from '../tool.ts';

export const fileName = /^((\d{14})_(.+))\.(up|down)\.sql$/s;

export async function readDcms(root: string): Promise<ReadResult> {
  const folder = await listFolder(root);
  const findings = newFindings();
  findings.problems.push(...folder.problems);
  for (const name of folder.files.filter((file) => file.endsWith('.sql') && !fileName.test(file))) {
    const hint = 'If it is a migration, name it like 20260101120000_create_users.up.sql.';
    findings.notices.push(
      sourceProblem(
        'source.unknownName',
        `${printable(name)} is not named as DCMS names migrations and is passed over.`,
        hint,
        { path: name },
      ),
    );
  }
  const pairs = groupByBase(folder.files, (file) => {
    const [, base, , , role] = fileName.exec(file) ?? [];
    return base === undefined || role === undefined ? null : { base, role };
  });
  const migrations: Migration[] = [];
  for (const [base, { up, down = null }] of pairs) {
    if (up === undefined) findings.problems.push(downWithoutUp(down ?? base, `${base}.up.sql`));
    else migrations.push(await migrationOf(root, up, down, findings));
  }
  const { kept, problems } = withoutDuplicates(migrations, (migration) => migration.historyKey);
  findings.problems.push(...problems);
  return readResult(root, 'dcms', kept, findings);
}

async function migrationOf(
  root: string,
  upPath: string,
  downPath: string | null,
  findings: Findings,
): Promise<Migration> {
  const [, , version = '', name = ''] = fileName.exec(upPath) ?? [];
  const up = await scanFile(root, upPath, { digest: new Sha256() });
  const down = downPath === null ? null : await scanFile(root, downPath);
  for (const file of [up, down]) if (file?.problem) findings.problems.push(file.problem);
  return {
    version,
    historyKey: version,
    name,
    kind: 'versioned',
    up: wholeScript(up),
    down: down === null ? null : wholeScript(down),
    verify: null,
    checksum: up.digest,
    transaction: { up: true, down: true },
    metadata: {},
  };
}
