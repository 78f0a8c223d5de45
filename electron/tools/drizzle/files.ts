/** Drizzle's folder as drizzle-kit writes it: files named in a journal, statements between breakpoints. */
import type { Migration } from '../../../shared/model/migration.ts';
import type { Problem } from '../../../shared/problem.ts';
import { LineEndHashes } from '../common/checksum.ts';
import { listFolder } from '../common/folder.ts';
import { byteOrderMark, printable, sourceProblem, withoutDuplicates } from '../common/problems.ts';
import { scanFile, wholeScript } from '../common/scan.ts';
import { type Findings, newFindings, readResult } from '../common/source.ts';
import type { ReadOptions, ReadResult } from '../tool.ts';
import { type JournalEntry, journalFile, otherDialect, readJournal } from './journal.ts';
import { configuredTable } from './settings.ts';

export async function readDrizzle(root: string, { engine }: ReadOptions): Promise<ReadResult> {
  const { files, problems } = await listFolder(root);
  const findings = newFindings();
  findings.problems.push(...problems);
  const journal = await readJournal(root, findings.problems);
  if (journal !== null) findings.problems.push(...otherDialect(journal, engine));
  const entries = journal?.entries ?? [];
  const migrations: Migration[] = [];
  for (const entry of entries) {
    if (files.includes(`${entry.tag}.sql`)) migrations.push(await migrationOf(root, entry, findings));
    else findings.problems.push(withoutFile(entry));
  }
  const tags = new Set(entries.map(({ tag }) => `${tag}.sql`));
  for (const name of files) if (name.endsWith('.sql') && !tags.has(name)) findings.notices.push(notInJournal(name));
  const { kept, problems: twice } = withoutDuplicates(
    migrations,
    ({ historyKey }) => historyKey,
    '“when” in the journal',
  );
  findings.problems.push(...twice);
  const historyTable = await configuredTable(root);
  return { ...readResult(root, 'drizzle', kept, findings), ...(historyTable === null ? {} : { historyTable }) };
}

async function migrationOf(root: string, { tag, when }: JournalEntry, findings: Findings): Promise<Migration> {
  const hashes = new LineEndHashes('sha256');
  const file = await scanFile(root, `${tag}.sql`, { digest: hashes });
  if (file.problem !== null) findings.problems.push(file.problem);
  if (file.startsWithMark) findings.notices.push(byteOrderMark(file.path, 'Drizzle'));
  const [checksum, ...otherChecksums] = hashes.digests();
  return {
    version: tag,
    historyKey: String(when),
    name: tag.replace(/^\d+_/, ''),
    kind: 'versioned',
    // `--> statement-breakpoint` is a comment to the server, and statements are told apart anyway.
    up: wholeScript(file),
    down: null,
    verify: null,
    checksum,
    otherChecksums,
    transaction: { up: true, down: true },
    metadata: {},
  };
}

const withoutFile = ({ tag }: JournalEntry): Problem =>
  sourceProblem(
    'source.unreadable',
    `The journal names ${printable(tag)}.sql, which is not there; Drizzle refuses such a folder.`,
    'Get the file back from version control, or remove the migration with drizzle-kit drop.',
    { path: journalFile },
  );

const notInJournal = (path: string): Problem =>
  sourceProblem(
    'source.unknownName',
    `${printable(path)} is not in the journal, so Drizzle passes it over.`,
    'If it is a migration, generate it with drizzle-kit generate --custom.',
    { path },
  );
