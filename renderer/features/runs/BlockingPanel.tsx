/** Who stands in the way of a run, and how far the server is with a long statement. */
import { Button } from '@mantine/core';
import { useRef, useState } from 'react';
import { blockerWords, lockRetryWords, serverProgressWords } from '../../../shared/model/activityWords.ts';
import type { Environment } from '../../../shared/model/environment.ts';
import type { Blocker, Run } from '../../../shared/model/run.ts';
import { useCommand } from '../../commands/useCommand.ts';
import { CopyWordButton } from '../../components/CopyText.tsx';
import { formatDuration } from '../../format.ts';
import { EndSessionDialog } from '../activity/EndSessionDialog.tsx';
import { runTexts as texts } from './texts.ts';

/** `environment` null: an ad hoc run, whose sessions are ended elsewhere. */
export function BlockingPanel({ run, environment }: { run: Run; environment: Environment | null }) {
  const [ending, setEnding] = useState<Blocker | null>(null);
  const panel = useRef<HTMLElement>(null);
  const { blockers, serverProgress, lockRetry } = run;
  useCommand('run.blocking', () => panel.current?.focus(), { enabled: run.outcome === null && blockers.length > 0 });
  if (run.outcome !== null || (blockers.length === 0 && serverProgress === null && lockRetry === null)) return null;
  return (
    <section ref={panel} className="panel" aria-label={texts.blocking} tabIndex={-1}>
      {serverProgress !== null && (
        <p className="panel-body" role="status">
          <strong>{texts.server}</strong> {serverProgressWords(serverProgress)}
        </p>
      )}
      {lockRetry !== null && <p className="panel-body second">{lockRetryWords(lockRetry)}</p>}
      {blockers.length > 0 && (
        <div className="panel-body column">
          <h2>{texts.somebodyStandsInTheWay}</h2>
          <ul className="column">
            {blockers.map((blocker) => (
              <li key={blocker.pid} className="row wraps">
                <span className="mono">{blockerWords(blocker)}</span>
                {blocker.ageMs !== null && <span className="second">{texts.for(formatDuration(blocker.ageMs))}</span>}
                <span className="row push" style={{ gap: 6 }}>
                  <CopyWordButton value={ownerMessage(run, blocker)} label={texts.copyForItsOwner} />
                  {environment !== null && (
                    <Button
                      size="compact-xs"
                      variant="default"
                      aria-label={texts.endSessionOf(blocker.pid)}
                      onClick={() => setEnding(blocker)}
                    >
                      {texts.endSession}
                    </Button>
                  )}
                </span>
              </li>
            ))}
          </ul>
        </div>
      )}
      {ending !== null && environment !== null && (
        <EndSessionDialog environment={environment} session={ending} how="terminate" onClose={() => setEnding(null)} />
      )}
    </section>
  );
}

const ownerMessage = (run: Run, blocker: Blocker): string =>
  texts.aMigrationOfWaitsFor(run.environment, blockerWords(blocker), run.actor, run.id);
