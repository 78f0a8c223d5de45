/** On the page of a plan: which bundle its migrations come from, and trust in its programs. */
import { Button } from '@mantine/core';
import type { EnvironmentSummary } from '../../../shared/contract/views.ts';
import type { TrustRequest } from '../../../shared/model/trust.ts';
import { announce } from '../../components/LiveRegion.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { backend } from '../../connection.ts';
import { readings } from '../../readings.ts';
import { invalidate, useResource } from '../../resources.ts';
import { formatRoute } from '../../router.ts';
import { useAction } from '../../useAction.ts';
import { bundleTexts as texts } from './texts.ts';
import './bundles.css';

interface PlannedBundleProps {
  readonly digest: string;
  readonly summary: EnvironmentSummary;
}

export function PlannedBundle({ digest, summary }: PlannedBundleProps) {
  const { data, problem } = useResource(readings.bundle(digest));
  if (problem !== null) return <ProblemNotice problem={problem} urgent />;
  return (
    <section className="panel planned-bundle" aria-label={texts.fromBundle}>
      <span className="second">{texts.fromBundle}</span>
      {data !== null && (
        <>
          <strong className="mono">{texts.rangeOf(data.manifest.range.from, data.manifest.range.to)}</strong>
          <span>{data.signer.trusted === null ? texts.notTrusted : texts.trustedAs(data.signer.trusted.name)}</span>
        </>
      )}
      <span className="mono clip dim">{digest}</span>
      <a className="link push" href={formatRoute({ screen: 'bundles', digest, environmentId: summary.environment.id })}>
        {texts.showTheBundle}
      </a>
    </section>
  );
}

interface BundleProgramsProps {
  readonly digest: string;
  readonly environmentId: string;
  readonly request: TrustRequest;
}

export function BundlePrograms({ digest, environmentId, request: { programs } }: BundleProgramsProps) {
  const trusting = useAction(async () => {
    await backend().source.trust({ environmentId, bundle: digest, digests: programs.map((one) => one.digest) });
    invalidate((key) => key.includes(environmentId));
    announce(texts.programsTrusted);
  });
  return (
    <section className="problem" data-tone="attention" aria-label={texts.programsInIt(programs.length)}>
      <p className="problem-title">{texts.programsInIt(programs.length)}</p>
      <p className="second">{texts.programsMeans}</p>
      <ul className="bullets mono">
        {programs.map((one) => (
          <li key={one.digest}>
            {one.path} <span className="dim wrap">{one.digest}</span>
          </li>
        ))}
      </ul>
      {trusting.problem !== null && <ProblemNotice problem={trusting.problem} urgent />}
      <div className="actions">
        <Button size="xs" loading={trusting.busy} onClick={trusting.run}>
          {texts.trustTheseExactly}
        </Button>
        <a className="link" href={formatRoute({ screen: 'bundles', digest, environmentId })}>
          {texts.showTheBundle}
        </a>
      </div>
    </section>
  );
}
