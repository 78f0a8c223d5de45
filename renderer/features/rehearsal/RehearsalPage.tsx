/** One rehearsal, whole: every step, the way back, and what changes of schema and rows. */
import { Skeleton } from '@mantine/core';
import type { EngineId } from '../../../shared/model/environment.ts';
import type { Rehearsal } from '../../../shared/model/rehearsal.ts';
import { EnvironmentBanner } from '../../components/EnvironmentName.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { ReportMenu } from '../../components/ReportMenu.tsx';
import { readings } from '../../readings.ts';
import { useResource } from '../../resources.ts';
import { formatRoute } from '../../router.ts';
import { Provenance } from './Provenance.tsx';
import { RowChanges } from './RowChanges.tsx';
import { SchemaSides } from './SchemaSides.tsx';
import { StepView, WayBack } from './StepView.tsx';
import './rehearsal.css';
import { rehearsalTexts as texts } from './texts.ts';

export default function RehearsalPage({ id }: { id: string }) {
  const { data: rehearsal, problem } = useResource(readings.rehearsal(id));
  const environments = useResource(readings.environments()).data;
  if (rehearsal === null)
    return (
      <div className="page">
        <h1 tabIndex={-1}>{texts.rehearsal}</h1>
        {problem === null ? <Skeleton height={120} /> : <ProblemNotice problem={problem} urgent />}
      </div>
    );
  const summary = environments?.find(({ environment }) => environment.name === rehearsal.environment) ?? null;
  const { direction, steps } = rehearsal;
  return (
    <div className="page">
      <nav className="crumbs" aria-label={texts.place}>
        <a href="#/environments">{texts.environments}</a>
        <span aria-hidden="true">/</span>
        {summary !== null && (
          <a href={formatRoute({ screen: 'environment', id: summary.environment.id, tab: 'plan', run: null })}>
            {rehearsal.environment}
          </a>
        )}
      </nav>
      <EnvironmentBanner
        environment={summary?.environment ?? { name: rehearsal.environment, tier: 'development', colour: 'grey' }}
        title={texts.rehearsal}
        where={`${direction === 'up' ? texts.migrate : texts.rollBack} ${texts.steps(steps.length)}`}
      >
        <ReportMenu id={id} />
        {summary !== null && (
          <a
            className="link"
            href={formatRoute({ screen: 'migrate', id: summary.environment.id, target: { direction } })}
          >
            {texts.backToThePlan}
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
      <section className="panel" aria-label={texts.verdict}>
        <div className="panel-body">
          <Provenance rehearsal={rehearsal} />
        </div>
      </section>
      {problem !== null && steps.every((step) => step.problem === null) && <ProblemNotice problem={problem} />}
      {steps.map((step) => (
        <section key={step.index} className="panel" aria-label={texts.step(step.version)}>
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
      <section className="panel" aria-label={texts.theWayBack}>
        <div className="panel-head">
          <h2>{texts.theWayBack}</h2>
        </div>
        <div className="panel-body column">
          <WayBack rehearsal={rehearsal} />
        </div>
      </section>
      <section className="panel" aria-label={texts.allTogether}>
        <div className="panel-head">
          <h2>{texts.allTogether}</h2>
        </div>
        <div className="panel-body column">
          <h3>{texts.rows}</h3>
          <RowChanges rows={rehearsal.rows} empty={texts.noTableHasMoreOr} />
          <h3>{texts.schema}</h3>
          <SchemaSides changes={rehearsal.schema} empty={texts.nothingOfTheSchemaChanges} />
        </div>
      </section>
    </>
  );
}
