/** Two schemas side by side: of environments now, of files, or as recorded while a version was current. */
import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import { engineIds } from '../../shared/model/environment.ts';
import {
  type SchemaComparison,
  type SchemaObject,
  type SchemaSnapshot,
  type SnapshotComparison,
  schemaObjectKinds,
} from '../../shared/model/snapshot.ts';
import { ProblemError, raise } from '../../shared/problem.ts';
import { driverFor } from '../databases/registry.ts';
import { compareSnapshots } from '../engine/compareSnapshots.ts';
import { writeSchemaScript } from '../engine/schemaScript.ts';
import type { Context } from './context.ts';
import { readSnapshot } from './schemaSnapshots.ts';
import { resolveTarget, type TargetRequest, withSession } from './target.ts';

/** Bytes of a file with a snapshot at most. */
const mostBytes = 256 * 1024 * 1024;

/** What is compared: a name of an environment, a path of a file, or `history:VERSION` of `target`. */
export interface ComparisonRequest {
  readonly before: string;
  readonly after: string;
  /** Whose history is meant. */
  readonly target: TargetRequest | null;
  readonly ignoring: SnapshotComparison;
  /** May files of this computer be named? Not by who is not at it. */
  readonly files: boolean;
}

interface Side {
  readonly engine: SchemaSnapshot['engine'];
  readonly objects: readonly SchemaObject[];
}

/** @throws {ProblemError} `usage.invalid`, `environment.notFound`, `source.unreadable`, and what connecting throws */
export async function compareSchemas(context: Context, request: ComparisonRequest): Promise<SchemaComparison> {
  const [before, after] = [
    await sideOf(context, request.before, request),
    await sideOf(context, request.after, request),
  ];
  const diff = compareSnapshots(before.objects, after.objects, request.ignoring);
  const script =
    before.engine === after.engine ? writeSchemaScript(diff.changes, driverFor(after.engine).schemaWriter) : null;
  return {
    ...diff,
    before: request.before,
    after: request.after,
    sql: script === null ? null : script.statements.map((statement) => `${statement};\n`).join(''),
    unwritten: script?.unwritten ?? [],
  };
}

async function sideOf(context: Context, name: string, { target, files }: ComparisonRequest): Promise<Side> {
  const version = /^history:(.+)$/.exec(name)?.[1];
  if (version !== undefined) return recordedSide(context, version, target);
  if (context.workspace.environments.find(name) !== null)
    return readSnapshot(context, { kind: 'environment', nameOrId: name });
  return files ? fileSide(name) : readSnapshot(context, { kind: 'environment', nameOrId: name });
}

async function recordedSide(context: Context, version: string, request: TargetRequest | null): Promise<Side> {
  if (request === null)
    return raise({
      code: 'usage.invalid',
      message: `“history:${version}” needs a database whose history is meant.`,
      hint: 'Name it with --env or --url.',
    });
  const target = await resolveTarget(context, request);
  const serverId = await withSession(context, target, async (session) => session.identity.id);
  const record = context.workspace.snapshots.last(serverId, version);
  const objects = record === null ? null : context.workspace.snapshots.objects(record.sha256);
  if (objects === null)
    return raise({
      code: 'source.noSuchVersion',
      message: `No schema of ${target.environment.name} was recorded while version ${version} was current.`,
      hint: 'Schemas are recorded after each run on this computer; compare with a file made by: lockkeeper snapshot --out FILE',
    });
  return { engine: target.driver.id, objects };
}

const snapshotFile = z.object({
  engine: z.enum(engineIds),
  objects: z.array(
    z.object({
      kind: z.enum(schemaObjectKinds),
      name: z.string(),
      table: z.string().nullable(),
      facts: z.record(z.string(), z.string()),
      create: z.string().nullable(),
    }),
  ),
});

async function fileSide(path: string): Promise<Side> {
  const refuse = (message: string, cause?: unknown): never => {
    throw new ProblemError(
      {
        code: 'source.unreadable',
        message,
        state: 'Nothing was changed.',
        hint: 'Name an environment, a file made by “lockkeeper snapshot --out FILE”, or history:VERSION.',
        path,
      },
      { cause },
    );
  };
  const facts = await stat(path).catch((error: unknown) =>
    refuse(`There is no environment and no file “${path}”.`, error),
  );
  if (facts.size > mostBytes) return refuse('The file is too large to be a snapshot.');
  const text = await readFile(path, 'utf8').catch((error: unknown) => refuse('The file cannot be read.', error));
  try {
    return snapshotFile.parse(JSON.parse(text));
  } catch (error) {
    return refuse('The file does not hold a snapshot of a schema.', error);
  }
}
