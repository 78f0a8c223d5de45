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
import { formatCount } from '../../format.ts';
import { readings } from '../../readings.ts';
import { invalidate, refresh, useResource } from '../../resources.ts';
import { formatRoute } from '../../router.ts';
import { useAction } from '../../useAction.ts';
import { useEnvironment } from '../environment/useEnvironment.ts';
import { openDialog } from '../environments/dialogs.ts';
import { ProgramDetail } from './ProgramDetail.tsx';
import { ProgramList } from './ProgramList.tsx';
import { TrustMeaning } from './TrustMeaning.tsx';
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
      <nav className="crumbs" aria-label="Place">
        <a href="#/environments">Environments</a>
        <span aria-hidden="true">/</span>
        <a href={formatRoute({ screen: 'environment', id, tab: 'plan', run: null })}>{summary.environment.name}</a>
      </nav>
      <EnvironmentBanner
        environment={summary.environment}
        title="Programs to trust"
        where={<span className="mono">{data?.source ?? summary.environment.source?.path ?? ''}</span>}
      />
      {problem !== null && (
        <ProblemNotice
          problem={problem}
          actions={
            problem.code === 'connect.secretMissing' ? (
              <Button size="xs" onClick={() => openDialog({ kind: 'unlock', summary })}>
                Enter password
              </Button>
            ) : (
              <Button size="xs" loading={status.loading} onClick={() => void refresh(readings.status(id))}>
                Read again
              </Button>
            )
          }
        />
      )}
      {data === null && problem === null && <Skeleton height={200} />}
      {data?.trust === null && <AllTrusted summary={summary} />}
      {data !== null && data.trust !== null && (
        <Programs key={data.trust.digest} summary={summary} report={data} request={data.trust} />
      )}
    </div>
  );
}

function AllTrusted({ summary }: { summary: EnvironmentSummary }) {
  const { id, name } = summary.environment;
  return (
    <section className="panel">
      <EmptyState
        glyph="✓"
        title="Nothing is waiting for trust"
        actions={
          <Button
            component="a"
            variant="default"
            href={formatRoute({ screen: 'environment', id, tab: 'plan', run: null })}
          >
            Show the plan of {name}
          </Button>
        }
      >
        Every program of this folder is trusted exactly as it is now, or there is none. A change of any file in it,
        imports included, asks again.
      </EmptyState>
    </section>
  );
}

interface ProgramsProps {
  readonly summary: EnvironmentSummary;
  readonly report: StatusReport;
  readonly request: TrustRequest;
}

function Programs({ summary, report, request }: ProgramsProps) {
  const { id } = summary.environment;
  const [chosen, setChosen] = useState(request.programs[0]?.digest ?? '');
  const shown = request.programs.find(({ digest }) => digest === chosen) ?? request.programs[0];
  const trusting = useAction(async (programs: readonly ProgramContent[]) => {
    await backend().source.trust({ environmentId: id, digests: programs.map(({ digest }) => digest) });
    invalidate((key) => key.includes(id));
    announce(`${formatCount(programs.length, 'program')} trusted`);
  });
  return (
    <>
      <TrustMeaning />
      {trusting.problem !== null && (
        <ProblemNotice
          problem={trusting.problem}
          urgent
          actions={
            <Button size="xs" onClick={() => void refresh(readings.status(id))}>
              Show it as it is now
            </Button>
          }
        />
      )}
      <div className="trust-columns">
        <ProgramList
          programs={request.programs}
          chosen={shown?.digest ?? ''}
          choose={setChosen}
          busy={trusting.busy}
          trustAll={() => trusting.run(request.programs)}
        />
        {shown !== undefined && (
          <ProgramDetail
            key={shown.digest}
            program={shown}
            environmentId={id}
            version={report.migrations.find(({ path }) => path === shown.path)?.version ?? null}
            busy={trusting.busy}
            trust={() => trusting.run([shown])}
          />
        )}
      </div>
    </>
  );
}
