/** The HTTP status of each problem. */
import { exitCodes, type ProblemCode, problemCodes } from '../../problem.ts';

export const problemStatuses = [400, 401, 403, 404, 409, 412, 413, 422, 423, 429, 500, 502, 503] as const;
export type ProblemStatus = (typeof problemStatuses)[number];

/** Those that their kind does not tell. */
const byCode: Partial<Readonly<Record<ProblemCode, ProblemStatus>>> = {
  'usage.invalid': 400,
  'api.unauthenticated': 401,
  'api.notFound': 404,
  'api.tooMany': 429,
  'api.tooLarge': 413,
  'api.timeout': 503,
  'api.idempotency': 422,
  'environment.notFound': 404,
  'run.notFound': 404,
  'backup.notFound': 404,
  'rehearsal.notFound': 404,
  'fleet.notFound': 404,
  'schedule.notFound': 404,
  'hook.notFound': 404,
  'activity.notFound': 404,
  'compatibility.noSuchVersion': 404,
  'fleet.active': 409,
  'plan.stale': 412,
  'lock.held': 423,
  'hook.failed': 502,
  'connect.unreachable': 503,
  'connect.tooManyConnections': 503,
  'connect.secretMissing': 503,
  'run.internal': 500,
  'workspace.damaged': 500,
  'workspace.newer': 500,
  'workspace.unwritable': 500,
};

/** By what it is about: `plan.…` is at odds with the state of the database, `gate.…` refused by protection. */
const byKind: Readonly<Record<string, ProblemStatus>> = {
  plan: 409,
  gate: 403,
  connect: 502,
  database: 502,
  lock: 409,
};

const byExitCode: Readonly<Record<number, ProblemStatus>> = {
  [exitCodes.usage]: 422,
  [exitCodes.verification]: 409,
  [exitCodes.locked]: 423,
  [exitCodes.connection]: 502,
  [exitCodes.refused]: 403,
  [exitCodes.unknownState]: 409,
  [exitCodes.cancelled]: 409,
};

export const statusOf = (code: ProblemCode): ProblemStatus =>
  byCode[code] ?? byKind[code.split('.', 1)[0] ?? ''] ?? byExitCode[problemCodes[code]] ?? 500;
