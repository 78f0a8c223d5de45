import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openWorkspace, type Workspace } from '../../electron/workspace/workspace.ts';
import { type Environment, protectionByTier } from '../../shared/model/environment.ts';
import type { Run } from '../../shared/model/run.ts';
import { type Problem, ProblemError } from '../../shared/problem.ts';

/** A data directory that does not exist yet, in a folder that goes with the test. */
export function newDirectory(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lockkeeper-workspace-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'data');
}

export function open(directory: string = newDirectory()): Workspace {
  const workspace = openWorkspace(directory);
  onTestFinished(() => workspace.close());
  return workspace;
}

export function problemOf(action: () => unknown): Problem {
  try {
    action();
  } catch (error) {
    if (error instanceof ProblemError) return error.problem;
    throw error;
  }
  throw new Error('Nothing failed.');
}

export const environment = (id: string, name: string): Environment => ({
  id,
  name,
  tier: 'production',
  colour: 'red',
  group: '',
  connection: { engine: 'sqlite', file: '/var/lib/app.db' },
  credential: { kind: 'none' },
  protection: protectionByTier.production,
  source: null,
});

export const run = (id: string, startedAt: string, changed: Partial<Run> = {}): Run => ({
  id,
  action: 'up',
  environment: 'Praxis',
  environmentId: 'e1',
  actor: 'anna',
  host: 'here',
  reason: null,
  startedAt,
  finishedAt: null,
  outcome: null,
  phase: 'prepare',
  finishedPhases: [],
  steps: [],
  backup: null,
  backupProgress: null,
  restore: null,
  restoreProgress: null,
  waitingForLock: null,
  blockers: [],
  serverProgress: null,
  lockRetry: null,
  cancelRequested: false,
  warnings: [],
  problem: null,
  next: [],
  seq: 0,
  ...changed,
});
