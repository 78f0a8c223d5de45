/** The verdict on a bundle for one environment, before anything of it is planned or run. Writes nothing there. */
import type { BundleCheck, BundleReport, BundleVerdict } from '../../../shared/model/bundle.ts';
import { type Problem, ProblemError } from '../../../shared/problem.ts';
import { isPending, versionOf } from '../../engine/compare.ts';
import type { Context } from '../context.ts';
import { asProblem } from '../problems.ts';
import { readSource } from '../readSource.ts';
import { readComparison } from '../readStatus.ts';
import { resolveTarget, type TargetDatabase, type TargetRequest, withSession } from '../target.ts';
import { findTrustedSigner } from '../trustStore.ts';
import { type ReadBundle, readBundleFile } from './readBundle.ts';
import { judge, unfit } from './suitability.ts';

/** Everything that can be told without trust. `file`: its name for people. @throws {ProblemError} `bundle.*`, `source.unreadable` */
export async function inspectBundle(context: Context, path: string, file = path): Promise<BundleReport> {
  return reportOf(context, await readBundleFile(path), file);
}

export function reportOf(context: Context, bundle: ReadBundle, file: string): BundleReport {
  const { digest, bytes, manifest, publicKey, fingerprint } = bundle;
  const signer = findTrustedSigner(context, publicKey, 'bundles');
  const trusted = signer === null ? null : { name: signer.name, addedAt: signer.addedAt, addedBy: signer.addedBy };
  return { file, digest, bytes, manifest, signer: { publicKey, fingerprint, trusted } };
}

/**
 * A refusal is a verdict, too.
 * @param request whose source is the bundle
 * @throws {ProblemError} when the bundle suits so far and the database cannot be reached
 */
export async function checkBundle(context: Context, request: TargetRequest): Promise<BundleVerdict> {
  const target = await resolveTarget(context, request);
  const checks: BundleCheck[] = [];
  const refused = (problem: Problem): BundleVerdict => ({
    ...about(target),
    verdict: 'refused',
    checks,
    pending: [],
    problem,
  });
  const opened = await attempt(async () => inspectBundle(context, target.environment.source?.path ?? ''));
  if ('problem' in opened) {
    checks.push({ check: 'contents', passed: false, detail: opened.problem.message });
    return refused(opened.problem);
  }
  const { trusted, fingerprint } = opened.value.signer;
  checks.push({ check: 'contents', passed: true, detail: 'signature and digests of all its files hold.' });
  const source = await attempt(() => readSource(target));
  const words =
    trusted === null ? `nobody here trusts the key ${fingerprint}.` : `signed by ${trusted.name}, ${fingerprint}.`;
  checks.push({ check: 'trust', passed: trusted !== null, detail: words });
  if ('problem' in source) {
    if (trusted !== null) checks.push({ check: 'tool', passed: false, detail: source.problem.message });
    return refused(source.problem);
  }
  return withSession(context, target, async (session) => {
    try {
      const bundle = source.value.bundle;
      if (bundle === null) throw new Error('The source is no bundle');
      checks.push({ check: 'tool', passed: true, detail: `${source.value.tool.title}.` });
      const { comparison, tableExists } = await readComparison(source.value, session);
      checks.push(
        ...(await judge({ bundle, driver: target.driver, source: source.value, session, comparison, tableExists })),
      );
      const problem = unfit(checks);
      const pending = comparison.rows.filter(isPending).map(versionOf);
      return {
        ...about(target),
        server: `${session.identity.product} ${session.identity.version}`,
        verdict: problem !== null ? 'refused' : pending.length === 0 ? 'alreadyApplied' : 'applicable',
        checks,
        pending: problem === null ? pending : [],
        problem,
      };
    } catch (thrown) {
      throw asProblem(thrown, target.environment.connection);
    }
  });
}

const about = ({ environment, driver }: TargetDatabase) => ({
  environment: environment.name,
  tier: environment.tier,
  server: null,
  database: driver.formatUrl(environment.connection),
});

type Attempt<T> = { readonly value: T } | { readonly problem: Problem };

async function attempt<T>(act: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { value: await act() };
  } catch (thrown) {
    if (thrown instanceof ProblemError) return { problem: thrown.problem };
    throw thrown;
  }
}
