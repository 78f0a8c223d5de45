/** Code of a migration folder before any of it is run: every file with its digest, its text, and what trusting means. */
import { Button, Skeleton } from '@mantine/core';
import { useState } from 'react';
import type { EnvironmentSummary } from '../../../shared/contract/views.ts';
import type { StatusReport } from '../../../shared/model/status.ts';
import type { ProgramContent, TrustRequest } from '../../../shared/model/trust.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { EnvironmentBanner } from '../../components/EnvironmentName.tsx';
import { announce } from '../../components/LiveRegion.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { backend } from '../../connection.ts';
import { readings } from '../../readings.ts';
import { invalidate, refresh, useResource } from '../../resources.ts';
import { formatRoute } from '../../router.ts';
import { useAction } from '../../useAction.ts';
import { useEnvironment } from '../environment/useEnvironment.ts';
import { openDialog } from '../environments/dialogs.ts';
import { ProgramDetail } from './ProgramDetail.tsx';
import { ProgramList } from './ProgramList.tsx';
import { TrustMeaning } from './TrustMeaning.tsx';
import { trustTexts as texts } from './texts.ts';
import './trust.css';

export default function TrustPage({ id }: { id: string }) {
  const { summary, problem: unknown } = useEnvironment(id);
  const status = useResource(readings.status(id));
  if (summary === null)
    return (
      <div className="page">{unknown === null ? <Skeleton height={76} /> : <ProblemNotice problem={unknown} />}</div>
    );
  const { data, problem } = status;
  return (
    <div className="page tall">
      <nav className="crumbs" aria-label={texts.place}>
        <a href="#/environments">{texts.environments}</a>
        <span aria-hidden="true">/</span>
        <a href={formatRoute({ screen: 'environment', id, tab: 'plan', run: null })}>{summary.environment.name}</a>
      </nav>
      <EnvironmentBanner
        environment={summary.environment}
        title={texts.programsToTrust}
        where={<span className="mono">{data?.source ?? summary.environment.source?.path ?? ''}</span>}
      />
      {problem !== null && (
        <ProblemNotice
          problem={problem}
          actions={
            problem.code === 'connect.secretMissing' ? (
              <Button size="xs" onClick={() => openDialog({ kind: 'unlock', summary })}>
                {texts.enterPassword}
              </Button>
            ) : (
              <Button size="xs" loading={status.loading} onClick={() => void refresh(readings.status(id))}>
                {texts.readAgain}
              </Button>
            )
          }
        />
      )}
      {data === null && problem === null && <Skeleton height={200} />}
      {data?.trust === null && <AllTrusted summary={summary} />}
      {data !== null && data.trust !== null && <Programs summary={summary} report={data} request={data.trust} />}
    </div>
  );
}

function AllTrusted({ summary }: { summary: EnvironmentSummary }) {
  const { id, name } = summary.environment;
  return (
    <section className="panel">
      <EmptyState
        glyph="✓"
        title={texts.nothingIsWaitingForTrust}
        actions={
          <Button
            component="a"
            variant="default"
            href={formatRoute({ screen: 'environment', id, tab: 'plan', run: null })}
          >
            {texts.showThePlanOf(name)}
          </Button>
        }
      >
        {texts.everyProgramOfThisFolder}
      </EmptyState>
    </section>
  );
}

interface ProgramsProps {
  readonly summary: EnvironmentSummary;
  readonly report: StatusReport;
  readonly request: TrustRequest;
}

/**
 * What is trusted is what the person was shown: the folder may be read again behind the page, and what it holds then
 * takes its place only when asked for.
 */
function Programs({ summary, report, request }: ProgramsProps) {
  const { id } = summary.environment;
  const [asked, setAsked] = useState(request);
  const [chosen, setChosen] = useState<string | null>(null);
  const shown = asked.programs.find(({ digest }) => digest === chosen) ?? asked.programs[0];
  const moved = request.digest !== asked.digest;
  const trusting = useAction(async (programs: readonly ProgramContent[]) => {
    const digests = programs.map(({ digest }) => digest);
    const { remaining } = await backend().source.trust({ environmentId: id, digests });
    if (remaining !== null) setAsked(remaining);
    await refresh(readings.status(id));
    invalidate((key) => key.includes(id));
    announce(texts.trusted(texts.programs2(programs.length)));
  });
  const showNow = async (): Promise<void> => {
    await refresh(readings.status(id));
    invalidate((key) => key.startsWith(`migration:${id}:`));
  };
  return (
    <>
      <TrustMeaning />
      {trusting.problem !== null && !moved && (
        <ProblemNotice
          problem={trusting.problem}
          urgent
          actions={
            <Button size="xs" onClick={() => void showNow()}>
              {texts.readTheFolderAgain}
            </Button>
          }
        />
      )}
      {moved && !trusting.busy && (
        <section className="problem" data-tone="attention" role="alert">
          <p className="problem-title">{texts.theFolderHasChangedSince}</p>
          <p className="second">{texts.nothingWasTrustedReadWhat}</p>
          <div className="actions">
            <Button size="xs" onClick={() => setAsked(request)}>
              {texts.showItAsItIs}
            </Button>
          </div>
        </section>
      )}
      <div className="trust-columns">
        <ProgramList
          programs={asked.programs}
          chosen={shown?.digest ?? ''}
          choose={setChosen}
          busy={trusting.busy}
          disabled={moved}
          trustAll={() => trusting.run(asked.programs)}
        />
        {shown !== undefined && (
          <ProgramDetail
            key={shown.digest}
            program={shown}
            environmentId={id}
            version={report.migrations.find(({ path }) => path === shown.path)?.version ?? null}
            busy={trusting.busy}
            disabled={moved}
            trust={() => trusting.run([shown])}
          />
        )}
      </div>
    </>
  );
}
