/** The rehearsal that goes on, or why the last one came to nothing, with what can be done about it. */
import { Button } from '@mantine/core';
import type { Environment } from '../../../shared/model/environment.ts';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { ActiveRun } from '../runs/ActiveRun.tsx';
import { CancelRun } from '../runs/CancelRun.tsx';
import { acceptanceFor } from './CopyAcceptances.tsx';
import { rehearsalTexts as texts } from './texts.ts';
import type { Rehearsing } from './useRehearsing.ts';

interface RehearsingNowProps {
  readonly rehearsing: Rehearsing;
  readonly environment: Environment;
}

export function RehearsingNow({ rehearsing, environment }: RehearsingNowProps) {
  const { run, problem, options, start } = rehearsing;
  if (problem !== null) return <ProblemNotice problem={problem} urgent />;
  if (run === null) return null;
  if (run.outcome === null)
    return (
      <div className="column" role="status">
        <ActiveRun id={run.id} />
        <span>
          <CancelRun run={run} environment={environment} />
        </span>
      </div>
    );
  // What the plan did on the copy is told with what was seen there.
  if (run.problem === null || run.rehearsal !== undefined) return null;
  const acceptance = acceptanceFor(run.problem.code);
  return (
    <ProblemNotice
      problem={run.problem}
      urgent
      tone={run.outcome === 'cancelled' ? 'attention' : 'danger'}
      actions={
        <>
          {acceptance !== null && (
            <Button
              size="xs"
              variant="default"
              title={acceptance.description}
              onClick={() => start({ ...options, accept: [...options.accept, acceptance.code] })}
            >
              {texts.accept} {acceptance.label}
            </Button>
          )}
          {run.problem.code === 'rehearsal.noCopy' && options.tables === null && (
            <Button
              size="xs"
              variant="default"
              onClick={() => start({ ...options, copy: 'auto', newBackup: 'always' })}
            >
              {texts.takeANewBackupAnd}
            </Button>
          )}
          {run.outcome === 'failed' && options.copy !== 'schema' && (
            <Button
              size="xs"
              variant="default"
              onClick={() => start({ ...options, copy: 'schema', newBackup: 'never', tables: null })}
            >
              {texts.rehearseOnTheSchemaAlone}
            </Button>
          )}
        </>
      }
    />
  );
}
