/** One rehearsal, whole: every step, the way back, and what changes of schema and rows. */
import { Skeleton } from '@mantine/core';
import type { EngineId } from '../../../shared/model/environment.ts';
import type { Rehearsal } from '../../../shared/model/rehearsal.ts';
import { EnvironmentBanner } from '../../components/EnvironmentName.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { formatCount } from '../../format.ts';
import { readings } from '../../readings.ts';
import { useResource } from '../../resources.ts';
import { formatRoute } from '../../router.ts';
import { Provenance, ReportButton } from './Provenance.tsx';
import { RowChanges } from './RowChanges.tsx';
import { SchemaSides } from './SchemaSides.tsx';
import { StepView, WayBack } from './StepView.tsx';
import './rehearsal.css';

export default function RehearsalPage({ id }: { id: string }) {
  const { data: rehearsal, problem } = useResource(readings.rehearsal(id));
  const environments = useResource(readings.environments()).data;
  if (rehearsal === null)
    return (
      <div className="page">
        <h1 tabIndex={-1}>Rehearsal</h1>
        {problem === null ? <Skeleton height={120} /> : <ProblemNotice problem={problem} urgent />}
      </div>
    );
  const summary = environments?.find(({ environment }) => environment.name === rehearsal.environment) ?? null;
  const { direction, steps } = rehearsal;
  return (
    <div className="page">
      <nav className="crumbs" aria-label="Place">
        <a href="#/environments">Environments</a>
        <span aria-hidden="true">/</span>
        {summary !== null && (
          <a href={formatRoute({ screen: 'environment', id: summary.environment.id, tab: 'plan', run: null })}>
            {rehearsal.environment}
          </a>
        )}
      </nav>
      <EnvironmentBanner
        environment={summary?.environment ?? { name: rehearsal.environment, tier: 'development', colour: 'grey' }}
        title="Rehearsal"
        where={`${direction === 'up' ? 'Migrate' : 'Roll back'} ${formatCount(steps.length, 'step')}`}
      >
        <ReportButton id={id} />
        {summary !== null && (
          <a
            className="link"
            href={formatRoute({ screen: 'migrate', id: summary.environment.id, target: { direction } })}
          >
            Back to the plan
          </a>
        )}
      </EnvironmentBanner>
      <Whole rehearsal={rehearsal} engine={engineOf(rehearsal)} environmentId={summary?.environment.id ?? null} />
    </div>
  );
}

const engineOf = ({ engine }: Rehearsal): EngineId => (engine === 'mysql' || engine === 'sqlite' ? engine : 'postgres');

interface WholeProps {
  readonly rehearsal: Rehearsal;
  readonly engine: EngineId;
  readonly environmentId: string | null;
}

function Whole({ rehearsal, engine, environmentId }: WholeProps) {
  const { problem, steps } = rehearsal;
  return (
    <>
      <section className="panel" aria-label="Verdict">
        <div className="panel-body">
          <Provenance rehearsal={rehearsal} />
        </div>
      </section>
      {problem !== null && steps.every((step) => step.problem === null) && <ProblemNotice problem={problem} />}
      {steps.map((step) => (
        <section key={step.index} className="panel" aria-label={`Step ${step.version}`}>
          <div className="panel-head">
            <h2>
              {environmentId === null ? (
                <span className="mono">{step.version}</span>
              ) : (
                <a
                  className="mono link"
                  href={formatRoute({ screen: 'migration', id: environmentId, version: step.version })}
                >
                  {step.version}
                </a>
              )}{' '}
              {step.name}
            </h2>
          </div>
          <div className="panel-body column">
            <StepView step={step} engine={engine} />
          </div>
        </section>
      ))}
      <section className="panel" aria-label="The way back">
        <div className="panel-head">
          <h2>The way back</h2>
        </div>
        <div className="panel-body column">
          <WayBack rehearsal={rehearsal} />
        </div>
      </section>
      <section className="panel" aria-label="All together">
        <div className="panel-head">
          <h2>All together</h2>
        </div>
        <div className="panel-body column">
          <h3>Rows</h3>
          <RowChanges rows={rehearsal.rows} empty="No table has more or fewer rows." />
          <h3>Schema</h3>
          <SchemaSides changes={rehearsal.schema} empty="Nothing of the schema changes." />
        </div>
      </section>
    </>
  );
}
