/** Why a recorded checksum differs from the file's: line ends, comments, or what the script does. */
import type { Migration } from '../../shared/model/migration.ts';
import type { ChecksumDifference, ChecksumVerdict, DifferenceKind } from '../../shared/model/repair.ts';
import { type Compared, versionOf } from '../engine/compare.ts';
import { compareScripts, isResaved } from '../engine/compareScripts.ts';
import type { JournalLatest } from '../engine/ports.ts';
import type { Context } from './context.ts';
import { findRow } from './findRow.ts';
import { readScript } from './keepScripts.ts';
import { historyName } from './lockName.ts';
import { type OpenSource, readSource } from './readSource.ts';
import { readComparison } from './readStatus.ts';
import { resolveTarget, type TargetDatabase, type TargetRequest, withSession } from './target.ts';

/** Bytes of a script that are compared and shown. */
const mostCompared = 1024 * 1024;

/** @throws {ProblemError} `source.noSuchVersion`, and what reading status throws */
export async function explainChecksum(
  context: Context,
  request: TargetRequest,
  version: string,
): Promise<ChecksumDifference> {
  const target = await resolveTarget(context, request);
  const source = await readSource(target);
  const { comparison, latest } = await withSession(context, target, async (session) => ({
    comparison: (await readComparison(source, session)).comparison,
    latest: await target.driver.journal.readLatest(session, historyName(session, source)),
  }));
  return differenceOf(context, { target, source, latest: latest ?? [] }, findRow(comparison, version));
}

export interface Explaining {
  readonly target: TargetDatabase;
  readonly source: OpenSource;
  /** What the journal in the database tells. */
  readonly latest: readonly JournalLatest[];
}

export async function differenceOf(
  context: Context,
  { target, source, latest }: Explaining,
  row: Compared,
): Promise<ChecksumDifference> {
  const version = versionOf(row);
  const { migration, entry } = row;
  const script = migration?.up ?? null;
  const shortened = script !== null && script.bytes > mostCompared;
  const currentText = script === null || shortened ? null : await readScript(script, source.scripts);
  const told = latest.find((one) => one.version === version && one.action === 'apply' && one.state === 'done');
  const appliedText = told === undefined ? null : await context.workspace.scriptTexts.find(told.runId, told.sha256);
  const recorded = entry?.checksum ?? null;
  const kind = kindOf({ migration, recorded, appliedText, currentText }, target);
  return {
    version,
    name: migration?.name ?? entry?.name ?? '',
    path: script?.path ?? null,
    recorded,
    current: migration?.checksum ?? null,
    ...verdict(kind, recorded !== null && recorded === (migration?.checksum ?? null)),
    appliedText,
    currentText,
    shortened,
    appliedIn: appliedText === null ? null : (told?.runId ?? null),
  };
}

interface Texts {
  readonly migration: Migration | null;
  readonly recorded: string | null;
  readonly appliedText: string | null;
  readonly currentText: string | null;
}

function kindOf({ migration, recorded, appliedText, currentText }: Texts, target: TargetDatabase): DifferenceKind {
  if (migration === null || recorded === null) return 'unknown';
  if (recorded === migration.checksum) return 'same';
  if (currentText === null) return 'unknown';
  if (appliedText !== null) {
    const kind = compareScripts(appliedText, currentText, target.driver.sql);
    // What is a comment in a program is not for SQL's rules to say.
    return migration.up.kind === 'program' && kind === 'comments' ? 'sql' : kind;
  }
  return isResaved(currentText, migration.up, migration.checksum, recorded) ? 'lineEndings' : 'unknown';
}

function verdict(kind: DifferenceKind, equalChecksums: boolean): ChecksumVerdict {
  const words: Readonly<Record<DifferenceKind, string>> = {
    same: equalChecksums
      ? 'The file is the one that was applied: the checksums are equal.'
      : 'The file is what this computer applied; the recorded checksum is another: another program wrote it, or it was changed by hand.',
    lineEndings: 'Only line ends differ (or a byte-order mark): the file was saved or checked out in another way.',
    comments: 'Only comments or white space differ: the file does what the applied script did.',
    sql: 'The SQL itself differs from what was applied: this database does not have what the file says now.',
    unknown:
      'What differs is not known: the applied script’s text is not kept on this computer, and a checksum alone does not tell.',
  };
  return { kind, explanation: words[kind] };
}
