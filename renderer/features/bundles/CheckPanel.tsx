/** The verdict on the bundle for an environment, check by check, and the way on. */
import { Button, NativeSelect } from '@mantine/core';
import { useRef } from 'react';
import type { EnvironmentSummary } from '../../../shared/contract/views.ts';
import { type BundleReport, type BundleVerdict, bundleChecks } from '../../../shared/model/bundle.ts';
import { useCommand } from '../../commands/useCommand.ts';
import { EnvironmentName } from '../../components/EnvironmentName.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { ReadingNotice } from '../../components/ReadingNotice.tsx';
import { readings } from '../../readings.ts';
import { refresh, useResource } from '../../resources.ts';
import { formatRoute, type Route } from '../../router.ts';
import { tierWords } from '../../texts.ts';
import { navigate, replaceRoute } from '../../useRoute.ts';
import { openDialog } from '../environments/dialogs.ts';
import { bundleTexts as texts } from './texts.ts';

interface CheckPanelProps {
  readonly report: BundleReport;
  readonly environmentId: string | null;
}

export function CheckPanel({ report: { digest }, environmentId }: CheckPanelProps) {
  const environments = useResource(readings.environments()).data;
  const select = useRef<HTMLSelectElement>(null);
  const chosen = environments?.find(({ environment }) => environment.id === environmentId) ?? null;
  useCommand('bundle.check', () => select.current?.focus());
  return (
    <section className="panel" aria-label={texts.checkAgainst} data-colour={chosen?.environment.colour}>
      <div className="panel-head">
        <h2>{texts.checkAgainst}</h2>
        {chosen !== null && (
          <span className="push">
            <EnvironmentName environment={chosen.environment} />
          </span>
        )}
      </div>
      <div className="panel-body column wide">
        {environments?.length === 0 ? (
          <p className="dim">{texts.noEnvironments}</p>
        ) : (
          <NativeSelect
            ref={select}
            aria-label={texts.checkAgainstEnvironment}
            value={chosen?.environment.id ?? ''}
            onChange={(event) => replaceRoute({ screen: 'bundles', digest, environmentId: event.currentTarget.value })}
            data={[
              { value: '', label: texts.chooseAnEnvironment, disabled: true },
              ...(environments ?? []).map(({ environment }) => ({
                value: environment.id,
                label: `${environment.name} · ${tierWords[environment.tier]}`,
              })),
            ]}
          />
        )}
        {chosen !== null && <Verdict key={chosen.environment.id} digest={digest} summary={chosen} />}
      </div>
    </section>
  );
}

function Verdict({ digest, summary }: { digest: string; summary: EnvironmentSummary }) {
  const reading = readings.bundleCheck(digest, summary.environment.id);
  const { data, problem, loading } = useResource(reading);
  if (problem !== null)
    return (
      <ProblemNotice
        problem={problem}
        urgent
        actions={
          problem.code === 'connect.secretMissing' ? (
            <Button size="xs" onClick={() => openDialog({ kind: 'unlock', summary })}>
              {texts.enterPassword}
            </Button>
          ) : (
            <Button size="xs" loading={loading} onClick={() => void refresh(reading)}>
              {texts.checkAgain}
            </Button>
          )
        }
      />
    );
  if (data === null) return <ReadingNotice>{texts.checking(summary.environment.name)}</ReadingNotice>;
  return <Judged digest={digest} summary={summary} verdict={data} />;
}

function Judged({ digest, summary, verdict }: { digest: string; summary: EnvironmentSummary; verdict: BundleVerdict }) {
  const { environment } = summary;
  const migrate: Route = { screen: 'migrate', id: environment.id, target: { direction: 'up', bundle: digest } };
  const applicable = verdict.verdict === 'applicable';
  useCommand('plan.start', () => navigate(migrate), { enabled: applicable, title: texts.plan, environment });
  return (
    <>
      <p className="verdict" data-verdict={verdict.verdict} role="status">
        <strong>{texts.verdicts[verdict.verdict]}</strong>
        {applicable && <span className="second"> {texts.wouldApply(verdict.pending.length)}</span>}
      </p>
      {verdict.problem !== null && <ProblemNotice problem={verdict.problem} />}
      {applicable && (
        <div className="column">
          <div className="row">
            <Button component="a" href={formatRoute(migrate)}>
              {texts.plan}
            </Button>
          </div>
          <p className="small dim">{texts.planMeans}</p>
        </div>
      )}
      <dl className="facts">
        {bundleChecks.map((check) => (
          <CheckLine key={check} check={check} verdict={verdict} />
        ))}
      </dl>
    </>
  );
}

function CheckLine({ check, verdict }: { check: (typeof bundleChecks)[number]; verdict: BundleVerdict }) {
  const made = verdict.checks.find((one) => one.check === check);
  const [glyph, word] =
    made === undefined ? ['⊘', texts.notLookedAt] : made.passed ? ['✓', texts.passed] : ['✕', texts.failed];
  return (
    <>
      <dt>{texts.checks[check]}</dt>
      <dd data-failed={made?.passed === false ? '' : undefined}>
        <span aria-hidden="true">{glyph}</span> <span className="hidden-text">{word}: </span>
        {made?.detail ?? word}
      </dd>
    </>
  );
}
