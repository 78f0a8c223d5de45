/** One script of Flyway's: its text with values, its checksum, and what the file `.conf` beside it says. */
import type { Migration, Script } from '../../../shared/model/migration.ts';
import { textScript } from '../../engine/textScript.ts';
import { scanFile, wholeScript } from '../common/scan.ts';
import { parseProperties, readSettingsText } from '../common/settingsFile.ts';
import type { Findings } from '../common/source.ts';
import { readWholeText } from '../common/wholeText.ts';
import { checksumOf, LinesDigest } from './checksum.ts';
import { replaced, type Values } from './placeholders.ts';
import type { FlywaySettings } from './settings.ts';

export interface Reading {
  readonly root: string;
  readonly settings: FlywaySettings;
  readonly values: Values;
  readonly findings: Findings;
}

export interface FlywayScript {
  readonly script: Script;
  /** Of the text as it is in the file; null: it is no SQL. */
  readonly checksum: string | null;
  /** Of the text with values. */
  readonly replacedChecksum: string | null;
  readonly inTransaction: boolean;
  readonly conditions: Pick<Migration, 'ignored' | 'notRunnable'>;
}

/** Java and Kotlin classes and script migrations are named like those in SQL. */
export const programSuffixes = ['.java', '.kt', '.ps1', '.sh', '.bash', '.bat', '.cmd', '.py'];

export async function readScript(path: string, { root, settings, values, findings }: Reading): Promise<FlywayScript> {
  const isProgram = programSuffixes.some((suffix) => path.toLowerCase().endsWith(suffix));
  const own = await readBeside(path, root, findings);
  const digest = new LinesDigest(settings.placeholderPrefix);
  const file = await scanFile(root, path, { digest });
  if (file.problem !== null) findings.problems.push(file.problem);
  const checksum = isProgram ? null : file.digest;
  const common = {
    checksum,
    inTransaction: (own.get('executeInTransaction') ?? String(settings.executeInTransaction)) !== 'false',
    conditions: isProgram ? noSql : conditionsOf(own, path),
  };
  const plain = { ...common, script: wholeScript(file), replacedChecksum: checksum };
  const replaces = settings.placeholderReplacement && own.get('placeholderReplacement') !== 'false';
  if (file.problem !== null || isProgram || !replaces || !digest.hasPrefix) return plain;
  const text = await readWholeText(root, path, 'one with placeholders is held in memory');
  if (typeof text !== 'string') {
    findings.problems.push(text);
    return plain;
  }
  const result = replaced(text.replace(/^\uFEFF/, ''), path, settings, values);
  findings.problems.push(...result.problems);
  return { ...common, script: textScript(path, result.text), replacedChecksum: checksumOf(result.text) };
}

/** `V1__a.sql.conf` beside `V1__a.sql`. */
async function readBeside(path: string, root: string, findings: Findings): Promise<ReadonlyMap<string, string>> {
  const text = await readSettingsText(root, `${path}.conf`, findings.problems);
  return text === null ? new Map() : parseProperties(text);
}

const noSql = { notRunnable: 'it is no SQL script, and Flyway runs it with its own classes or a shell.' };

function conditionsOf(own: ReadonlyMap<string, string>, path: string): FlywayScript['conditions'] {
  const condition = own.get('shouldExecute') ?? 'true';
  const encoding = own.get('encoding') ?? 'UTF-8';
  if (condition === 'false') return { ignored: `${path}.conf says not to execute it.` };
  if (condition !== 'true')
    return { notRunnable: `${path}.conf makes its execution depend on an expression, which only Flyway evaluates.` };
  return /^utf-?8$/i.test(encoding)
    ? {}
    : { notRunnable: `${path}.conf says that it is in ${encoding}; save it as UTF-8.` };
}
