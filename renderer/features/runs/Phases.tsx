import { type Run, type RunPhase, runPhases } from '../../../shared/model/run.ts';
import { filled } from '../../components/filled.tsx';
import { ProgressLine } from '../../components/ProgressLine.tsx';
import { formatBytes } from '../../format.ts';
import { levelWords } from '../../texts.ts';
import { rehearsalProgressWords } from '../rehearsal/rehearsalProgress.ts';
import { restoreStageWords } from './restoreWords.ts';
import { phaseWord } from './runFacts.ts';
import { runTexts as texts } from './texts.ts';

export function Phases({ run }: { run: Run }) {
  const phases = runPhases.filter((phase) => isPart(run, phase));
  return (
    <section className="panel" aria-label={texts.phases}>
      <ol className="phases">
        {phases.map((phase) => {
          const stopped = stoppedPhase(run) === phase;
          const done = run.finishedPhases.includes(phase) && !stopped;
          const current = run.outcome === null && run.phase === phase && !done;
          const sign = done
            ? { glyph: '✓', tone: 'ok', word: texts.done }
            : current
              ? { glyph: '◐', tone: 'running', word: texts.now }
              : stopped
                ? { glyph: '✕', tone: 'danger', word: texts.stoppedHere }
                : { glyph: '○', tone: 'quiet', word: texts.toCome };
          return (
            <li key={phase} className={done ? 'done' : ''} {...(current ? { 'aria-current': 'step' } : {})}>
              <span className="mark" data-tone={sign.tone}>
                <span className="glyph" aria-hidden="true">
                  {sign.glyph}
                </span>
                {phaseWord(run, phase)}
              </span>
              <span className="hidden-text">, {sign.word}</span>
            </li>
          );
        })}
      </ol>
      <PhaseDetail run={run} />
    </section>
  );
}

/** Phases that never began are not shown once the run is over; those that a backup run does not have, never. */
function isPart(run: Run, phase: RunPhase): boolean {
  if (run.finishedPhases.includes(phase) || run.phase === phase || stoppedPhase(run) === phase) return true;
  if (run.outcome !== null || !isAhead(run, phase)) return false;
  return run.phase === null || runPhases.indexOf(phase) > runPhases.indexOf(run.phase);
}

/** Does this kind of run have the phase at all? A backup is known to be part of it only once it begins. */
function isAhead({ action, restore }: Run, phase: RunPhase): boolean {
  switch (action) {
    case 'restore':
      return phase === 'restore' || phase === 'verify' || (phase === 'swap' && restore?.placement !== 'beside');
    case 'undoRestore':
      return phase === 'swap';
    case 'up':
    case 'down':
      return !['restore', 'swap', 'prove', 'copy', 'rehearse', 'back', 'hooksBefore', 'hooksAfter'].includes(phase);
    case 'rehearse':
      return phase === 'copy' || phase === 'rehearse' || phase === 'back';
    case 'backup':
    case 'check':
    case 'prove':
      return false;
    default:
      return phase === 'migrate';
  }
}

/** The phase in which a run that is over came to its end early. */
function stoppedPhase(run: Run): RunPhase | null {
  if (run.outcome === null || run.outcome === 'succeeded') return null;
  // The phase ends in order whatever becomes of its steps.
  if (run.steps.some(({ outcome }) => outcome !== null && outcome !== 'succeeded' && outcome !== 'notExecuted'))
    return 'migrate';
  const stopped: RunPhase | null = run.steps.some((step) => step.startedAt !== null)
    ? 'migrate'
    : run.backupProgress !== null
      ? 'backup'
      : run.phase;
  return stopped === null || run.finishedPhases.includes(stopped) ? null : stopped;
}

const hasDetail = ({
  rehearsalProgress,
  restoreProgress,
  backupProgress,
  backup,
  restore,
  outcome,
  waitingForLock,
  warnings,
}: Run): boolean =>
  [backupProgress, backup, waitingForLock].some((part) => part !== null) ||
  (outcome === null && [restore, restoreProgress, rehearsalProgress ?? null].some((part) => part !== null)) ||
  warnings.length > 0;

function PhaseDetail({ run }: { run: Run }) {
  const { backupProgress, backup, restore, restoreProgress, waitingForLock, warnings } = run;
  if (!hasDetail(run)) return null;
  return (
    <div className="panel-body column" style={{ borderTop: '1px solid var(--line)' }}>
      {backupProgress !== null && run.outcome === null && (
        <div className="column" style={{ gap: 4 }}>
          <div className="row">
            <span className="number">
              {formatBytes(backupProgress.bytes)}
              {backupProgress.totalBytes !== null && (
                <span className="dim"> {texts.ofAbout(formatBytes(backupProgress.totalBytes))}</span>
              )}
            </span>
            <span className="mono clip dim push small">{backupProgress.current ?? ''}</span>
          </div>
          <ProgressLine done={backupProgress.bytes} total={backupProgress.totalBytes} label={texts.backupProgress} />
        </div>
      )}
      {backup !== null && (
        <p className="small second wrap">
          {filled(texts.backup, {
            levelWords: levelWords[backup.level].toLowerCase(),
            path: <span className="mono">{backup.path}</span>,
          })}
        </p>
      )}
      {restore !== null && run.outcome === null && <p className="small second wrap">{restoreStageWords(restore)}</p>}
      {restoreProgress !== null && run.outcome === null && (
        <div className="column" style={{ gap: 4 }}>
          <div className="row">
            <span className="number">{texts.loaded(formatBytes(restoreProgress.bytes))}</span>
            <span className="mono clip dim push small">{restoreProgress.current ?? ''}</span>
          </div>
          <ProgressLine done={restoreProgress.bytes} total={null} label={texts.restoreProgress} />
        </div>
      )}
      {run.rehearsalProgress != null && run.outcome === null && (
        <p className="small second wrap">{rehearsalProgressWords(run.rehearsalProgress)}</p>
      )}
      {waitingForLock !== null && run.outcome === null && (
        <p className="mark" data-tone="attention">
          <span className="glyph" aria-hidden="true">
            ▲
          </span>
          {texts.waitingForTheLockOf}{' '}
          {[waitingForLock.person, waitingForLock.host].filter((part) => part !== null).join(texts.on) ||
            texts.anotherSession}
        </p>
      )}
      {warnings.map((warning) => (
        <p
          key={warning}
          className="row wrap"
          data-tone="attention"
          style={{ color: 'var(--tone)', alignItems: 'baseline' }}
        >
          <span aria-hidden="true">▲</span>
          {warning}
        </p>
      ))}
    </div>
  );
}
