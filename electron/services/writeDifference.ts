/** A migration from drift, in the tool's own format: with it every other environment gets the same, or this one loses it again. */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { FileScript, Migration, Script } from '../../shared/model/migration.ts';
import type { WrittenDifference } from '../../shared/model/snapshot.ts';
import { raise } from '../../shared/problem.ts';
import { reversed, writeSchemaScript } from '../engine/schemaScript.ts';
import type { Context } from './context.ts';
import { driftOf } from './findDrift.ts';
import { type OpenSource, readSource } from './readSource.ts';
import { scaffoldMigration } from './scaffoldMigration.ts';
import { resolveTarget, type TargetDatabase, type TargetRequest, withSession } from './target.ts';

export interface DifferenceRequest {
  readonly name: string;
  /** `keep`: its up makes what has drifted. `undo`: its up takes that back. */
  readonly direction: 'keep' | 'undo';
}

/** @throws {ProblemError} `plan.nothingToDo`, `source.*` */
export async function writeDifference(
  context: Context,
  request: TargetRequest,
  { name, direction }: DifferenceRequest,
): Promise<WrittenDifference> {
  const target = await resolveTarget(context, request);
  const source = await readSource(target);
  if (source.bundle !== null)
    raise({
      code: 'usage.invalid',
      message: 'A bundle is never changed: no migration can be written into it.',
      hint: 'Write it into the folder that the bundle was made from.',
    });
  const { changes } = await withSession(context, target, (session) => driftOf(context, target, source, session));
  if (changes.length === 0)
    raise({
      code: 'plan.nothingToDo',
      message: `The schema of ${target.environment.name} is the recorded one: there is no drift to write down.`,
      hint: 'Make an empty migration with: lockkeeper new NAME',
    });
  const forth = writeSchemaScript(changes, target.driver.schemaWriter);
  const back = writeSchemaScript(reversed(changes), target.driver.schemaWriter);
  const [up, down] = direction === 'keep' ? [forth, back] : [back, forth];
  const { files, version } = await scaffold(context, target, source, name, {
    up: toText(up.statements, up.unwritten),
    down: toText(down.statements, down.unwritten),
  });
  return { tool: source.tool.id, source: source.path, files, version, unwritten: up.unwritten };
}

const toText = (statements: readonly string[], unwritten: readonly string[]): string =>
  [
    ...unwritten.map((what) => `-- Write by hand: ${what.replaceAll(/[\r\n]+/g, ' ')}`),
    ...statements.map((statement) => `${statement};`),
  ].join('\n');

async function scaffold(
  context: Context,
  target: TargetDatabase,
  source: OpenSource,
  name: string,
  texts: { up: string; down: string },
): Promise<{ files: readonly string[]; version: string }> {
  const reference = target.environment.source;
  const { files } = await scaffoldMigration(
    context,
    {
      path: source.path,
      engine: target.driver.id,
      tool: source.tool.id,
      ...(reference?.historyTable === undefined ? {} : { historyTable: reference.historyTable }),
    },
    name,
  );
  const made = (await readSource(target)).migrations.find((one) => files.includes(one.up.path));
  if (made === undefined) throw new Error('The migration that was made is not in its folder');
  await fill(source.path, made, texts);
  return { files, version: made.version };
}

/** At the end of each section; those that stand later in a file first, since writing moves what follows. */
async function fill(root: string, { up, down }: Migration, texts: { up: string; down: string }): Promise<void> {
  const parts = [section(up, texts.up), ...(down === null ? [] : [section(down, texts.down)])];
  for (const { script, text } of parts.toSorted((a, b) => b.script.end - a.script.end)) {
    const file = path.join(root, script.path);
    const bytes = await readFile(file);
    const before = bytes.subarray(0, script.end);
    const lineEnd = before.length === 0 || before.at(-1) === 0x0a ? '' : '\n';
    await writeFile(file, Buffer.concat([before, Buffer.from(`${lineEnd}${text}\n`), bytes.subarray(script.end)]));
  }
}

function section(script: Script, text: string): { script: FileScript; text: string } {
  if (script.kind === 'file') return { script, text };
  return raise({
    code: 'source.unsupported',
    message: 'Migrations of this tool are programs, into which SQL is not written.',
    state: 'The new migration’s file was made and is empty.',
    hint: 'Copy the SQL that “lockkeeper diff” tells into it.',
    path: script.path,
  });
}
