/** Is the audit log what was written? Its own chain, its signed checkpoints and what databases keep of it are compared. */
import { open } from 'node:fs/promises';
import { z } from 'zod';
import type { AuditCheckpoint, AuditFinding, AuditReport } from '../../shared/model/audit.ts';
import { raise } from '../../shared/problem.ts';
import { checkChain, checkpointText, parseHead, type StoredEntry, type Witnessed } from '../engine/auditChain.ts';
import type { Context } from './context.ts';
import { historyName } from './lockName.ts';
import { readSource } from './readSource.ts';
import { isSignedBy, signingKey } from './signingKey.ts';
import { resolveTarget, type TargetRequest, withSession } from './target.ts';

export interface AuditQuestion {
  /** The database whose runs tell where the log was; null: none is asked. */
  readonly target: TargetRequest | null;
  /** An export of it; null: none. */
  readonly file: string | null;
}

/** @throws {ProblemError} `usage.invalid` when the file is none of ours; what keeps from asking the database */
export async function verifyAudit(context: Context, { target, file }: AuditQuestion): Promise<AuditReport> {
  const { audit } = context.workspace;
  const head = audit.head();
  const exported = file === null ? null : await readExport(file);
  const anchors = target === null ? [] : await readAnchors(context, target, head.workspace);
  const checkpoints = [...audit.checkpoints(), ...(exported === null ? [] : [exported.checkpoint])].filter(
    (checkpoint) => checkpoint !== null,
  );
  const own = checkpoints.filter(({ head: { workspace } }) => workspace === head.workspace);
  const witnesses = [
    ...own.map((checkpoint) => ({ head: checkpoint.head, witness: `The checkpoint of ${checkpoint.at}` })),
    ...lastOf(exported, head.workspace),
    ...anchors,
  ];
  const findings = [
    ...checkpoints.flatMap(checkSignature),
    ...checkChain(audit.entries(), witnesses),
    ...(exported === null ? [] : checkChain(exported.entries, []).map(inFile)),
  ];
  return {
    head: head.entry === 0 ? null : head,
    entries: audit.count(),
    checkpoints: checkpoints.length,
    keys: [...new Set(checkpoints.map(({ key }) => key))],
    anchors: anchors.length,
    findings,
  };
}

const inFile = (finding: AuditFinding): AuditFinding => ({
  ...finding,
  detail: `In the exported file: ${finding.detail}`,
});

function checkSignature(checkpoint: AuditCheckpoint): AuditFinding[] {
  const { head, at, key, signature } = checkpoint;
  return isSignedBy(key, checkpointText(head, at), signature)
    ? []
    : [
        {
          kind: 'signature',
          entry: head.entry,
          detail: `The checkpoint of ${at} is not signed by the key that it names.`,
        },
      ];
}

/** An export that was not signed still tells where the log was. */
function lastOf(exported: AuditExport | null, workspace: string): Witnessed[] {
  const last = exported?.entries.at(-1);
  if (exported?.workspace !== workspace || last === undefined) return [];
  return [{ head: { entry: last.id, hash: last.hash }, witness: 'The exported file' }];
}

/** Runs that a database records of this workspace, with where its log was. */
async function readAnchors(context: Context, request: TargetRequest, workspace: string): Promise<Witnessed[]> {
  const target = await resolveTarget(context, request);
  const source = await readSource(target);
  return withSession(context, target, async (session) => {
    const runs = await target.driver.journal.readRuns(session, historyName(session, source), Number.MAX_SAFE_INTEGER);
    return (runs ?? []).flatMap(({ id, auditHead }) => {
      const head = auditHead === null ? null : parseHead(auditHead);
      return head?.workspace === workspace ? [{ head, witness: `Run ${id} in ${target.environment.name}` }] : [];
    });
  });
}

/** Everything, with a signed head where there is a keychain: a receipt to be kept elsewhere. */
export async function exportAudit(context: Context): Promise<AuditExport> {
  const { audit } = context.workspace;
  const checkpoint = await addCheckpoint(context);
  return { format: exportFormat, workspace: audit.head().workspace, entries: [...audit.entries()], checkpoint };
}

/** Signs where the log is, and keeps that beside it; null: there is nothing to sign, or no keychain. */
export async function addCheckpoint({ workspace, credentials, clock }: Context): Promise<AuditCheckpoint | null> {
  const health = await credentials.keychain.health();
  const head = workspace.audit.head();
  if (head.entry === 0 || health.kind === 'unavailable') return null;
  const key = await signingKey(credentials.keychain);
  const at = new Date(clock.now()).toISOString();
  const checkpoint = { head, at, key: key.publicKey, signature: key.sign(checkpointText(head, at)) };
  workspace.audit.addCheckpoint(checkpoint);
  return checkpoint;
}

const exportFormat = 'lockkeeper audit 1';
const text = z.string().max(1_000_000);
const entry = z.strictObject({
  id: z.number().int().positive(),
  at: text,
  actor: text,
  action: text,
  environment: text.nullable(),
  run: text.nullable(),
  detail: text,
  hash: text,
}) satisfies z.ZodType<StoredEntry>;
const exportSchema = z.strictObject({
  format: z.literal(exportFormat),
  workspace: text,
  entries: z.array(entry),
  checkpoint: z
    .strictObject({
      head: z.strictObject({ workspace: text, entry: z.number().int(), hash: text }),
      at: text,
      key: text,
      signature: text,
    })
    .nullable(),
});

export type AuditExport = z.infer<typeof exportSchema>;

/** Bytes: some hundred thousand entries. */
const largestExport = 256 * 2 ** 20;

async function readExport(path: string): Promise<AuditExport> {
  const parsed = exportSchema.safeParse(await readJson(path));
  return parsed.success ? parsed.data : notAnExport(path, parsed.error);
}

async function readJson(path: string): Promise<unknown> {
  try {
    await using file = await open(path);
    const { size } = await file.stat();
    if (size > largestExport) return null;
    return JSON.parse(await file.readFile('utf8'));
  } catch (thrown) {
    return notAnExport(path, thrown);
  }
}

const notAnExport = (path: string, cause: unknown): never =>
  raise(
    {
      code: 'usage.invalid',
      message: `${path} is no export of an audit log.`,
      hint: 'Give a file that was written by “lockkeeper audit export --out FILE”.',
      path,
    },
    cause,
  );
