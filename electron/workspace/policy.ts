/** Settings that an administrator of this computer has locked, in files that ordinary users cannot write. */
import { closeSync, fstatSync, openSync, readFileSync, type Stats, statSync } from 'node:fs';
import path from 'node:path';
import type { LockedLayers } from '../../shared/model/settings.ts';
import { raise } from '../../shared/problem.ts';

export interface Policies {
  /** Later ones win. */
  readonly locked: readonly LockedLayers[];
  /** A file that is there, but that an ordinary user could have written: it locks nothing. */
  readonly untrusted: string | null;
}

/** `LOCKKEEPER_POLICY` names one more file. It cannot take back what the computer's own says. */
const variable = 'LOCKKEEPER_POLICY';

/** @throws {ProblemError} `policy.invalid`: what is locked must not be open because a file cannot be read */
export async function readPolicies(
  environment: NodeJS.ProcessEnv = process.env,
  ownFile: string = ownPolicyFile(process.platform, environment),
): Promise<Policies> {
  const named = environment[variable] ?? '';
  const locked = named === '' ? [] : [await parse(read(named) ?? missing(named), named)];
  const file = open(ownFile);
  if (file === null) return { locked, untrusted: null };
  try {
    if (!isAdministrators(ownFile, fstatSync(file))) return { locked, untrusted: ownFile };
    return { locked: [...locked, await parse(textOf(file, ownFile), ownFile)], untrusted: null };
  } finally {
    closeSync(file);
  }
}

/** Where an administrator puts it. */
export function ownPolicyFile(platform: NodeJS.Platform, environment: NodeJS.ProcessEnv): string {
  if (platform === 'win32')
    return path.win32.join(environment['ProgramData'] ?? 'C:\\ProgramData', 'Lockkeeper', 'policy.json');
  return platform === 'darwin' ? '/Library/Application Support/Lockkeeper/policy.json' : '/etc/lockkeeper/policy.json';
}

/** It and its folder belong to the superuser, and nobody else may write them. Windows does not tell: its folder's rights must. */
function isAdministrators(file: string, stats: Stats): boolean {
  return process.platform === 'win32' || [stats, statSync(path.dirname(file))].every(isSuperusers);
}

const isSuperusers = ({ uid, mode }: Stats): boolean => uid === 0 && (mode & 0o022) === 0;

/** Null: there is none. */
function open(file: string): number | null {
  try {
    return openSync(file, 'r');
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    return raise(invalid(file, 'it cannot be read'), thrown);
  }
}

function read(file: string): string | null {
  const handle = open(file);
  if (handle === null) return null;
  try {
    return textOf(handle, file);
  } finally {
    closeSync(handle);
  }
}

function textOf(handle: number, file: string): string {
  try {
    return readFileSync(handle, 'utf8');
  } catch (thrown) {
    return raise(invalid(file, 'it cannot be read'), thrown);
  }
}

const missing = (file: string): never => raise(invalid(file, `it is not there, and ${variable} names it`));

async function parse(text: string, file: string): Promise<LockedLayers> {
  // Few computers have such a file: its schema is loaded where there is one.
  const { policy } = await import('./policySchema.ts');
  const parsed = policy.safeParse(parseJson(text));
  if (parsed.success) return { file, workspace: parsed.data.workspace ?? {}, tiers: parsed.data.tiers ?? {} };
  const [issue] = parsed.error.issues;
  return raise(invalid(file, `${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim()));
}

const invalid = (file: string, why: string) =>
  ({
    code: 'policy.invalid',
    message: `The administrator’s file ${file} cannot be used: ${why}.`,
    hint: 'Let whoever administers this computer correct it; until then nothing is opened.',
    path: file,
  }) as const;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
