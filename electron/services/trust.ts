/** Whether code of a source may be run: only after a person trusted exactly its content, imports included. */
import { createHash } from 'node:crypto';
import type { Migration, Script } from '../../shared/model/migration.ts';
import type { ProgramContent, TrustRequest } from '../../shared/model/trust.ts';
import { nothingChanged, type Problem, raise } from '../../shared/problem.ts';
import type { Context } from './context.ts';
import { readSource } from './readSource.ts';
import { requireLeast } from './roles.ts';
import { resolveTarget, type TargetRequest } from './target.ts';

/** Characters of a digest that must be named to accept it: enough that nobody can make another content for them. */
const namedCharacters = 32;

export const isTrusted = (context: Context, script: Script): boolean =>
  script.kind !== 'program' || context.workspace.trusted.has(script.program.digest);

/** Null when all of it is trusted. */
export function trustRequest(context: Context, scripts: readonly (Script | null)[]): TrustRequest | null {
  const programs = new Map<string, ProgramContent>();
  for (const script of scripts) {
    if (script?.kind !== 'program' || isTrusted(context, script)) continue;
    const { digest, files, packages } = script.program;
    const named = packages.map(({ name, version, sha256 }) => ({ name, version, sha256 }));
    programs.set(digest, { path: script.path, digest, files, packages: named });
  }
  if (programs.size === 0) return null;
  const digest = createHash('sha256')
    .update([...programs.keys()].sort().join('\n'))
    .digest('hex');
  return { digest, programs: [...programs.values()] };
}

/** For `--accept`. */
export const trustCode = ({ digest }: TrustRequest): string => `trust:${digest.slice(0, namedCharacters)}`;

/** Does one of the accepted codes name exactly this request? */
export const isAccepted = ({ digest }: TrustRequest, accept: readonly string[]): boolean =>
  accept.some((code) => {
    const named = /^trust:([\da-f]+)$/i.exec(code)?.[1]?.toLowerCase() ?? '';
    return named.length >= namedCharacters && digest.startsWith(named);
  });

export function trustProblem(request: TrustRequest): Problem {
  const [first] = request.programs;
  const paths = request.programs.map(({ path }) => path);
  const [what, are] = paths.length === 1 ? ['1 program', 'is'] : [`${paths.length} programs`, 'are'];
  return {
    code: 'gate.trust',
    message: `${what} of this folder ${are} not trusted yet, and nothing of it was run: ${paths.slice(0, 5).join(', ')}${paths.length > 5 ? ' …' : ''}.`,
    state: nothingChanged,
    hint: `Read what it does, imports included; to trust exactly this content: --accept ${trustCode(request)}`,
    ...(first === undefined ? {} : { path: first.path }),
  };
}

/** @throws {ProblemError} `gate.role` */
export function grantTrust(context: Context, environment: string, source: string, request: TrustRequest): void {
  requireLeast(context, 'administrator', 'Trusting a program');
  const at = new Date(context.clock.now()).toISOString();
  const by = context.host.user;
  for (const { digest, path } of request.programs) context.workspace.trusted.add({ digest, source, path, at, by });
  context.workspace.audit.append({
    at,
    actor: by,
    action: 'trust',
    environment,
    run: null,
    detail: { source, programs: request.programs.map(({ path, digest }) => ({ path, digest })) },
  });
}

/**
 * Trusts programs of an environment's source by their digests, as they were shown.
 * @throws {ProblemError} `plan.stale` when one of them is not (any more) what is in the folder
 */
export async function trustPrograms(
  context: Context,
  request: TargetRequest,
  digests: readonly string[],
): Promise<TrustRequest | null> {
  const target = await resolveTarget(context, request);
  const source = await readSource(target);
  const scripts = programsOf(source.migrations);
  const wanted = scripts.filter((script) => script.kind === 'program' && digests.includes(script.program.digest));
  const known = new Set(wanted.map((script) => script.sha256));
  if (digests.some((digest) => !known.has(digest)))
    raise({
      code: 'plan.stale',
      message: 'The folder does not hold what was shown any more: nothing was trusted.',
      hint: 'Look at what changed, then trust it again.',
    });
  const asked = trustRequest(context, wanted);
  if (asked !== null) {
    grantTrust(context, target.environment.name, source.path, asked);
    context.changes.publish({ kind: 'environments', environmentId: target.environment.id });
  }
  return trustRequest(context, scripts);
}

export const programsOf = (migrations: readonly Migration[]): Script[] =>
  migrations
    .flatMap(({ up, down }) => [up, down].filter((script) => script?.kind === 'program'))
    .filter((script) => script !== null);
