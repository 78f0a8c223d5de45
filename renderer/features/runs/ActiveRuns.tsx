/** Every run that goes on now, each with how far it is: several at once are as plain as one. */
import type { EnvironmentSummary } from '../../../shared/contract/views.ts';
import type { RunSummary } from '../../../shared/model/run.ts';
import { EnvironmentName } from '../../components/EnvironmentName.tsx';
import { actionWords } from '../../texts.ts';
import { ActiveRun } from './ActiveRun.tsx';
import { runTexts as texts } from './texts.ts';

interface ActiveRunsProps {
  readonly runs: readonly RunSummary[];
  readonly environments: readonly EnvironmentSummary[];
}

export function ActiveRuns({ runs, environments }: ActiveRunsProps) {
  const active = runs.filter(({ outcome }) => outcome === null);
  if (active.length === 0) return null;
  return (
    <section className="panel active-runs" aria-label={texts.goingOnNow}>
      <div className="panel-head">
        <h2>{texts.goingOnNow}</h2>
        <span className="dim">{texts.runs(active.length)}</span>
      </div>
      <ul>
        {active.map((run) => {
          const known = environments.find(({ environment }) => environment.name === run.environment);
          return (
            <li key={run.id}>
              {known === undefined ? (
                <span className="strong clip">{run.environment}</span>
              ) : (
                <EnvironmentName environment={known.environment} />
              )}
              <span className="second">{actionWords[run.action]}</span>
              <ActiveRun id={run.id} />
            </li>
          );
        })}
      </ul>
    </section>
  );
}
