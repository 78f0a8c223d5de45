/** What a finished run came to, and what is safe next. */
import { Button } from '@mantine/core';
import { rowsLost, type Target } from '../../../shared/model/plan.ts';
import type { Run } from '../../../shared/model/run.ts';
import { useCommand } from '../../commands/useCommand.ts';
import { CopyLine } from '../../components/CopyText.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { ReportMenu } from '../../components/ReportMenu.tsx';
import { readings } from '../../readings.ts';
import { useResource } from '../../resources.ts';
import { formatRoute, type Route } from '../../router.ts';
import { navigate } from '../../useRoute.ts';
import { ReadingActions } from './ReadingActions.tsx';
import { undoOf } from './restoreWords.ts';
import { outcomeSheet } from './runFacts.ts';
import { runTexts as texts } from './texts.ts';

export function OutcomePanel({ run }: { run: Run }) {
  const sheet = outcomeSheet(run);
  if (sheet === null) return null;
  const tone = sheet.mark.tone === 'unknown' ? 'unknown' : sheet.mark.tone === 'attention' ? 'attention' : 'danger';
  return (
    <section className="panel outcome" data-tone={sheet.mark.tone} aria-label={texts.outcome}>
      <div className="row wraps">
        <h2>
          <span className="outcome-glyph" aria-hidden="true">
            {sheet.mark.glyph}
          </span>
          {sheet.mark.word}
        </h2>
        <span className="second">{sheet.sentence}</span>
        <div className="push">
          <ReportMenu id={run.id} />
        </div>
        {run.environmentId !== null && (
          <div className="row wraps">
            <RestoreActions run={run} environmentId={run.environmentId} />
            <ReadingActions run={run} environmentId={run.environmentId} />
            <PlanAgain run={run} environmentId={run.environmentId} />
            <Button
              component="a"
              variant="default"
              size="xs"
              href={formatRoute({
                screen: 'environment',
                id: run.environmentId,
                tab: run.outcome === 'succeeded' ? 'history' : 'migrations',
                run: null,
              })}
            >
              {run.outcome === 'succeeded' ? texts.showTheHistory : texts.showWhatIsApplied}
            </Button>
          </div>
        )}
      </div>
      {run.problem !== null && <ProblemNotice problem={run.problem} tone={tone} />}
      {run.next.length > 0 && (
        <div className="column" style={{ marginTop: 10 }}>
          <span className="small dim">{texts.safeNextOnTheCommand}</span>
          {run.next.map((command) => (
            <CopyLine key={command} value={command} label={texts.copyTheCommand} />
          ))}
        </div>
      )}
    </section>
  );
}

/** The same once more: as it is planned now, or with what stopped it accepted. */
function PlanAgain({ run, environmentId }: { run: Run; environmentId: string }) {
  if (run.outcome === 'succeeded' || (run.action !== 'up' && run.action !== 'down')) return null;
  const target: Target = { direction: run.action };
  const last = run.steps.at(-1)?.version;
  return (
    <>
      {run.problem?.code === 'database.rowsLost' && (
        <Button
          component="a"
          variant="default"
          size="xs"
          href={formatRoute({
            screen: 'migrate',
            id: environmentId,
            target: run.action === 'up' && last !== undefined ? { direction: 'up', to: last } : target,
            accept: [rowsLost],
          })}
        >
          {texts.runAgainAcceptingLostRows}
        </Button>
      )}
      <Button
        component="a"
        variant="default"
        size="xs"
        href={formatRoute({ screen: 'migrate', id: environmentId, target })}
      >
        {texts.planAgain}
      </Button>
    </>
  );
}

/** The ways back: the backup taken before the run, or what a restore has kept aside. */
function RestoreActions({ run, environmentId }: { run: Run; environmentId: string }) {
  const undo = run.action === 'restore' && run.restore !== null ? undoOf(run.restore) : null;
  const begun = run.steps.flatMap(({ outcome }) => (outcome === null || outcome === 'notExecuted' ? [] : [outcome]));
  const backup = run.outcome === 'succeeded' || begun.length === 0 ? null : run.backup;
  const restore: Route = {
    screen: 'restore',
    wanted: { backup: backup?.id ?? null, file: null, environmentId, placement: 'swap', into: null },
  };
  const known = useResource(readings.environments()).data;
  const environment = known?.find((one) => one.environment.id === environmentId)?.environment;
  const concerned = environment === undefined ? {} : { environment };
  useCommand('run.restore', () => navigate(restore), { enabled: backup !== null, ...concerned });
  useCommand('run.undo', () => navigate({ screen: 'undo', run: run.id }), { enabled: undo !== null, ...concerned });
  return (
    <>
      {undo !== null && (
        <Button component="a" variant="default" size="xs" href={formatRoute({ screen: 'undo', run: run.id })}>
          {undo === 'undo' ? texts.undoThisRestore : texts.putInOrderWhatIs}
        </Button>
      )}
      {backup !== null && (
        <Button
          component="a"
          // Where all that was begun was rolled back, there is nothing to bring back.
          variant={begun.every((outcome) => outcome === 'rolledBack') ? 'default' : 'filled'}
          size="xs"
          href={formatRoute(restore)}
        >
          {texts.restoreTheBackupTakenBefore}
        </Button>
      )}
    </>
  );
}
