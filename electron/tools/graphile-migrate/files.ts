/** graphile-migrate's `migrations/committed`: a chain of files, each with the hash of the one before it. */
import { basename } from 'node:path';
import type { Migration } from '../../../shared/model/migration.ts';
import type { Problem } from '../../../shared/problem.ts';
import { textScript } from '../../engine/textScript.ts';
import { listFolder } from '../common/folder.ts';
import { printable, sourceProblem, withoutDuplicates } from '../common/problems.ts';
import { type Findings, newFindings, readResult } from '../common/source.ts';
import { compareNumbers } from '../common/versions.ts';
import { readWholeText } from '../common/wholeText.ts';
import type { ReadOptions, ReadResult } from '../tool.ts';
import { type CommittedFile, hashOf, optsOutOfTransaction, parseCommitted } from './committedFile.ts';
import { configuredPlaceholders, withValues } from './settings.ts';

export const fileName = /^([0-9]{6,})(-[-_a-zA-Z0-9]*)?\.sql$/;

interface Read {
  readonly path: string;
  readonly file: CommittedFile;
}

export async function readGraphileMigrate(root: string, options: ReadOptions): Promise<ReadResult> {
  const folder = await committedFolder(root);
  const listed = await listFolder(root, folder);
  const findings = newFindings();
  findings.problems.push(...listed.problems);
  const named = listed.files.filter((name) => fileName.test(name));
  const below = (name: string) => (folder === '' ? name : `${folder}/${name}`);
  for (const name of listed.files)
    if (name.endsWith('.sql') && !named.includes(name)) findings.notices.push(passedOver(below(name)));
  named.sort((a, b) => compareNumbers(numberOf(a), numberOf(b)));
  const values = await configuredPlaceholders(root);
  const migrations: Migration[] = [];
  let previous: Read | null = null;
  for (const name of named) {
    const read = await readOne(root, below(name), findings);
    if (read === null) continue;
    checkChain(read, previous, findings);
    migrations.push(migrationOf(read, findings, (body, missing) => withValues(body, values, options, missing)));
    previous = read;
  }
  const { kept, problems } = withoutDuplicates(migrations, ({ historyKey }) => historyKey, 'number');
  findings.problems.push(...problems);
  return readResult(root, 'graphile-migrate', kept, findings);
}

/** `migrations`, or `committed` in it. */
export async function committedFolder(root: string): Promise<string> {
  return basename(root) !== 'committed' && (await listFolder(root)).folders.includes('committed') ? 'committed' : '';
}

const numberOf = (name: string): string => /^\d+/.exec(name)?.[0] ?? '';

async function readOne(root: string, path: string, { problems }: Findings): Promise<Read | null> {
  const text = await readWholeText(root, path, 'graphile-migrate computes its hash over all of it');
  if (typeof text !== 'string') {
    problems.push(text);
    return null;
  }
  const file = parseCommitted(text);
  if ('hash' in file) return { path, file };
  problems.push(
    sourceProblem(
      'source.invalidSections',
      `${printable(path)} ${file.what}; graphile-migrate refuses it.`,
      'Get the file back as graphile-migrate commit wrote it; check Git’s autocrlf.',
      { path, line: file.line },
    ),
  );
  return null;
}

function checkChain({ path, file }: Read, previous: Read | null, { problems }: Findings): void {
  const refuse = (message: string, hint: string) =>
    problems.push(sourceProblem('source.order', message, hint, { path, line: 1 }));
  if (file.previousHash !== (previous?.file.hash ?? null))
    refuse(
      `${printable(path)} does not continue ${previous === null ? 'an empty chain' : printable(previous.path)}: its header names another migration before it.`,
      'Two branches may have committed at once: uncommit one and commit it again on top.',
    );
  if (!file.invalidHashAllowed && hashOf(file.body, file.previousHash) !== file.hash)
    refuse(
      `${printable(path)} was changed after it was committed: its hash is not that of its header.`,
      'Get the file back from version control, or say --! AllowInvalidHash in its header.',
    );
}

function migrationOf(
  { path, file }: Read,
  { problems }: Findings,
  valued: (body: string, missing: (name: string, line: number) => void) => string,
): Migration {
  const number = numberOf(basename(path));
  const body = valued(file.body, (name, line) => problems.push(valueMissing(path, name, file.bodyLine + line)));
  return {
    version: number,
    // Its table leaves out what stands behind the number in the file's name.
    historyKey: `${number}.sql`,
    name: file.message ?? basename(path).replace(/^\d+-?|\.sql$/g, ''),
    kind: 'versioned',
    up: textScript(path, body, file.bodyLine),
    down: null,
    verify: null,
    checksum: file.hash,
    transaction: { up: !optsOutOfTransaction(body), down: true },
    metadata: {},
  };
}

const valueMissing = (path: string, name: string, line: number): Problem =>
  sourceProblem(
    'script.placeholderMissing',
    `There is no value for the placeholder ${name}.`,
    `Give one with --set ${name.slice(1)}=…, or in the environment’s settings.`,
    { path, line },
  );

const passedOver = (path: string): Problem =>
  sourceProblem(
    'source.unknownName',
    `${printable(path)} is not named as graphile-migrate names committed migrations, and is passed over.`,
    'Commit migrations with graphile-migrate commit.',
    { path },
  );
