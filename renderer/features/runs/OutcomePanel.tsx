/** What a finished run came to, and what is safe next. */
import { Button } from '@mantine/core';
import type { Run } from '../../../shared/model/run.ts';
import { CopyLine } from '../../components/CopyText.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { formatRoute } from '../../router.ts';
import { undoOf } from './restoreWords.ts';
import { outcomeSheet } from './runFacts.ts';

export function OutcomePanel({ run }: { run: Run }) {
  const sheet = outcomeSheet(run);
  if (sheet === null) return null;
  const tone = sheet.mark.tone === 'unknown' ? 'unknown' : sheet.mark.tone === 'attention' ? 'attention' : 'danger';
  return (
    <section className="panel outcome" data-tone={sheet.mark.tone} aria-label="Outcome">
      <div className="row wraps">
        <h2>
          <span className="outcome-glyph" aria-hidden="true">
            {sheet.mark.glyph}
          </span>
          {sheet.mark.word}
        </h2>
        <span className="second">{sheet.sentence}</span>
        {run.environmentId !== null && (
          <div className="row wraps push">
            <RestoreActions run={run} environmentId={run.environmentId} />
            {run.outcome !== 'succeeded' && (run.action === 'up' || run.action === 'down') && (
              <Button
                component="a"
                variant="default"
                size="xs"
                href={formatRoute({
                  screen: 'migrate',
                  id: run.environmentId,
                  target: { direction: run.action === 'down' ? 'down' : 'up' },
                })}
              >
                Plan again…
              </Button>
            )}
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
              {run.outcome === 'succeeded' ? 'Show the history' : 'Show what is applied'}
            </Button>
          </div>
        )}
      </div>
      {run.problem !== null && <ProblemNotice problem={run.problem} tone={tone} />}
      {run.next.length > 0 && (
        <div className="column" style={{ marginTop: 10 }}>
          <span className="small dim">Safe next, on the command line</span>
          {run.next.map((command) => (
            <CopyLine key={command} value={command} label="Copy the command" />
          ))}
        </div>
      )}
    </section>
  );
}

/** The ways back: the backup taken before the run, or what a restore has kept aside. */
function RestoreActions({ run, environmentId }: { run: Run; environmentId: string }) {
  const undo = run.action === 'restore' && run.restore !== null ? undoOf(run.restore) : null;
  const begun = run.steps.some(({ outcome }) => outcome !== null && outcome !== 'notExecuted');
  const remains = run.steps.some(
    ({ outcome }) => outcome !== null && outcome !== 'notExecuted' && outcome !== 'rolledBack',
  );
  return (
    <>
      {undo !== null && (
        <Button component="a" variant="default" size="xs" href={formatRoute({ screen: 'undo', run: run.id })}>
          {undo === 'undo' ? 'Undo this restore…' : 'Put in order what is left of it…'}
        </Button>
      )}
      {run.outcome !== 'succeeded' && run.backup !== null && begun && (
        <Button
          component="a"
          variant={remains ? 'filled' : 'default'}
          size="xs"
          href={formatRoute({
            screen: 'restore',
            wanted: { backup: run.backup.id, file: null, environmentId, placement: 'swap', into: null },
          })}
        >
          Restore the backup taken before this run…
        </Button>
      )}
    </>
  );
}
