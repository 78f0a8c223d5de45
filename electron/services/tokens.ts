/** Tokens of the REST API: made, listed, revoked, recognised. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { ulid } from 'ulid';
import type { Role } from '../../shared/model/role.ts';
import type { ApiToken } from '../../shared/model/token.ts';
import { raise } from '../../shared/problem.ts';
import type { Context } from './context.ts';
import { recordAudit } from './recordAudit.ts';
import { requireLeast } from './roles.ts';
import { findEnvironment } from './target.ts';

export interface TokenWanted {
  readonly name: string;
  readonly role: Role;
  /** Null: it does not expire. */
  readonly expiresInDays: number | null;
  /** Names or ids of the only environments that it may see; empty: all. */
  readonly environments: readonly string[];
}

/** By it people and scanners of repositories recognise a token of ours. */
const prefix = 'lockkeeper_';
const dayMs = 86_400_000;
const minuteMs = 60_000;

/** `secret` is told once. @throws {ProblemError} `gate.role`, `token.duplicate`, `environment.notFound` */
export function createToken(context: Context, wanted: TokenWanted): { token: ApiToken; secret: string } {
  requireLeast(context, 'administrator', 'Making a token');
  const { workspace, clock, host } = context;
  const name = wanted.name.trim();
  if (!/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,63}$/u.test(name))
    raise({
      code: 'usage.invalid',
      message: 'A token’s name has up to 64 letters, digits, spaces, dots, dashes and underscores.',
      hint: 'Name it after what uses it, for example: --name build-server',
    });
  if (workspace.tokens.list().some((one) => one.name.toLowerCase() === name.toLowerCase()))
    raise({
      code: 'token.duplicate',
      message: `There is a token named ${name} already.`,
      hint: 'Choose another name, or revoke that one first: lockkeeper token revoke NAME',
    });
  const secret = prefix + randomBytes(32).toString('base64url');
  const now = clock.now();
  const token: ApiToken = {
    id: ulid(now),
    name,
    role: wanted.role,
    environments:
      wanted.environments.length === 0 ? null : wanted.environments.map((one) => findEnvironment(context, one).id),
    createdAt: new Date(now).toISOString(),
    createdBy: host.user,
    expiresAt: wanted.expiresInDays === null ? null : new Date(now + wanted.expiresInDays * dayMs).toISOString(),
    lastUsedAt: null,
  };
  workspace.tokens.add(token, digest(secret).toString('hex'));
  audit(context, 'token created', token);
  return { token, secret };
}

export const listTokens = ({ workspace }: Context): ApiToken[] =>
  workspace.tokens.list().map(({ digest: _, ...token }) => token);

/** @throws {ProblemError} `gate.role`, `token.notFound` */
export function revokeToken(context: Context, nameOrId: string): ApiToken {
  requireLeast(context, 'administrator', 'Revoking a token');
  const found =
    listTokens(context).find(({ id, name }) => id === nameOrId || name.toLowerCase() === nameOrId.toLowerCase()) ??
    raise({
      code: 'token.notFound',
      message: `There is no token ${nameOrId}.`,
      hint: 'List the tokens with: lockkeeper token list',
    });
  context.workspace.tokens.remove(found.id);
  audit(context, 'token revoked', found);
  return found;
}

/** Null: nobody made it, it was revoked, or its time is over. Read anew each time: a revoked one is refused at once. */
export function recogniseToken({ workspace, clock }: Context, secret: string): ApiToken | null {
  const given = digest(secret);
  let found: ApiToken | null = null;
  // All are compared, each in constant time.
  for (const { digest: known, ...token } of workspace.tokens.list())
    if (timingSafeEqual(Buffer.from(known, 'hex'), given)) found = token;
  if (found === null) return null;
  const now = clock.now();
  if (found.expiresAt !== null && Date.parse(found.expiresAt) <= now) return null;
  if (found.lastUsedAt === null || now - Date.parse(found.lastUsedAt) >= minuteMs)
    workspace.tokens.used(found.id, new Date(now).toISOString());
  return found;
}

/** Of 256 random bits: nothing is gained by guessing, so a slow hash would only cost time with every request. */
const digest = (secret: string): Buffer => createHash('sha256').update(secret).digest();

const audit = (context: Context, action: string, { name, role, environments, expiresAt }: ApiToken): void =>
  recordAudit(context, { action, environment: null, run: null, detail: { name, role, environments, expiresAt } });
