/** HMIS: a folder for each version, as its MigrationDiscoveryService finds them. */
import type { FileScript, Migration } from '../../../shared/model/migration.ts';
import { type Folder, listFolder } from '../common/folder.ts';
import { readJsonFile } from '../common/json.ts';
import { downWithoutUp, printable, sourceProblem, withoutDuplicates } from '../common/problems.ts';
import { type ScannedFile, scanFile, wholeScript } from '../common/scan.ts';
import { type Findings, newFindings, readResult } from '../common/source.ts';
import { compareSegments } from '../common/versions.ts';
import type { ReadResult } from '../tool.ts';
import { infoOf } from './info.ts';

export const upName = 'migration.sql';
export const downName = 'rollback.sql';
export const infoName = 'migration-info.json';

/** Without the leading v, which has no part in the order. */
export const numbersOf = (version: string): string => version.replace(/^v/, '');

export async function readHmis(root: string): Promise<ReadResult> {
  const top = await listFolder(root);
  const findings = newFindings();
  findings.problems.push(...top.problems);
  for (const name of top.files.filter((file) => file.endsWith('.sql'))) {
    const hint = `If it is a migration, put it into a folder for its version, as ${upName}.`;
    findings.notices.push(
      sourceProblem('source.unknownName', `${printable(name)} is in no version folder and is passed over.`, hint, {
        path: name,
      }),
    );
  }
  const migrations: Migration[] = [];
  for (const name of [...top.folders].sort((a, b) => compareSegments(numbersOf(a), numbersOf(b)))) {
    const migration = name.startsWith('v') ? await migrationIn(root, name, findings) : null;
    if (migration !== null) migrations.push(migration);
  }
  const { kept, problems } = withoutDuplicates(migrations, (migration) => migration.historyKey);
  findings.problems.push(...problems);
  return readResult(root, 'hmis', kept, findings);
}

async function migrationIn(root: string, name: string, findings: Findings): Promise<Migration | null> {
  const folder = await listFolder(root, name);
  findings.problems.push(...folder.problems);
  if (!folder.files.includes(upName)) {
    if (folder.files.includes(downName))
      findings.problems.push(downWithoutUp(`${name}/${downName}`, `${name}/${upName}`));
    return null;
  }
  if (!/^\d+(\.\d+)*$/.test(numbersOf(name))) {
    const message = `${printable(name)} is not a v followed by numbers between dots; HMIS cannot sort such a folder and then shows no migration at all.`;
    findings.problems.push(
      sourceProblem('source.unknownName', message, 'Rename the folder like v2.1.0.', { path: name }),
    );
  }
  const up = await scan(root, `${name}/${upName}`, findings);
  refuseEmpty(up, findings);
  const json = folder.files.includes(infoName)
    ? await readJsonFile(root, `${name}/${infoName}`, findings.problems)
    : null;
  const info = json === null ? null : infoOf(json);
  const version = info?.version ?? name;
  if (version !== name) findings.notices.push(otherVersion(name, version));
  return {
    version,
    historyKey: version,
    // As HMIS makes it up for a folder without a description.
    name: info?.metadata.description ?? `Migration ${version}`,
    kind: 'versioned',
    up: wholeScript(up),
    down: folder.files.includes(downName) ? wholeScript(await scan(root, `${name}/${downName}`, findings)) : null,
    verify: await verifyIn(root, name, folder, findings),
    checksum: null,
    transaction: { up: false, down: false },
    metadata: info?.metadata ?? {},
  };
}

/** HMIS runs none of them by itself; people do, by hand. */
async function verifyIn(root: string, name: string, folder: Folder, findings: Findings): Promise<FileScript | null> {
  const [first, ...others] = folder.files.filter((file) => /^verify.*\.sql$/.test(file));
  if (first === undefined) return null;
  for (const other of others) {
    const message = `${printable(`${name}/${other}`)} is not run: ${printable(first)} is this version's verify script.`;
    findings.notices.push(
      sourceProblem('source.unsupported', message, 'Join the two files if both are to be run.', {
        path: `${name}/${other}`,
      }),
    );
  }
  return wholeScript(await scan(root, `${name}/${first}`, findings));
}

async function scan(root: string, path: string, findings: Findings): Promise<ScannedFile> {
  const file = await scanFile(root, path);
  if (file.problem !== null) findings.problems.push(file.problem);
  return file;
}

/** executeSingleMigration fails for it; a file of comments alone is let pass there, and here. */
function refuseEmpty(file: ScannedFile, findings: Findings): void {
  const [section] = file.sections;
  if (file.problem !== null || section.firstCode !== null || section.comments.length > 0) return;
  findings.problems.push(
    sourceProblem(
      'source.invalidSections',
      `${printable(file.path)} is empty; HMIS fails on it.`,
      'Write the migration, or remove the folder.',
      { path: file.path, line: 1 },
    ),
  );
}

function otherVersion(folder: string, version: string) {
  const message = `${infoName} in ${printable(folder)} names the version ${printable(version)}; that is what the history table holds.`;
  return sourceProblem(
    'source.invalidMetadata',
    message,
    'HMIS itself looks for the script in a folder of that name: make both the same.',
    { path: `${folder}/${infoName}` },
  );
}
