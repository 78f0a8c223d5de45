import { runPhases, type Run, type RunPhase } from '../../../shared/model/run.ts';
import { ProgressLine } from '../../components/ProgressLine.tsx';
import { formatBytes } from '../../format.ts';
import { levelWords, phaseWords } from '../../texts.ts';

export function Phases({ run }: { run: Run }) {
  const phases = runPhases.filter((phase) => isPart(run, phase));
  return (
    <section className="panel" aria-label="Phases">
      <ol className="phases">
        {phases.map((phase) => {
          const done = run.finishedPhases.includes(phase);
          const current = run.outcome === null && run.phase === phase && !done;
          const stopped = run.outcome !== null && run.phase === phase && !done;
          const sign = done ? { glyph: '✓', tone: 'ok', word: 'done' } : current ? { glyph: '◐', tone: 'running', word: 'now' }
            : stopped ? { glyph: '✕', tone: 'danger', word: 'stopped here' } : { glyph: '○', tone: 'quiet', word: 'to come' };
          return (
            <li key={phase} className={done ? 'done' : ''} {...(current ? { 'aria-current': 'step' } : {})}>
              <span className="mark" data-tone={sign.tone}><span className="glyph" aria-hidden="true">{sign.glyph}</span>{phaseWords[phase]}</span>
              <span className="hidden-text">, {sign.word}</span>
            </li>
          );
        })}
      </ol>
      <PhaseDetail run={run} />
    </section>
  );
}

/** Phases that never began are not shown once the run is over. */
function isPart(run: Run, phase: RunPhase): boolean {
  const began = run.finishedPhases.includes(phase) || run.phase === phase;
  if (run.outcome !== null) return began;
  if (began) return true;
  const position = runPhases.indexOf(phase);
  const passed = run.phase !== null && position < runPhases.indexOf(run.phase);
  if (passed) return false;
  return run.steps.length > 0 || phase === 'backup' || phase === 'check' ? run.steps.length > 0 : false;
}

function PhaseDetail({ run }: { run: Run }) {
  const { backupProgress, backup, waitingForLock, warnings } = run;
  if (backupProgress === null && backup === null && waitingForLock === null && warnings.length === 0) return null;
  return (
    <div className="panel-body column" style={{ borderTop: '1px solid var(--line)' }}>
      {backupProgress !== null && run.outcome === null && (
        <div className="column" style={{ gap: 4 }}>
          <div className="row">
            <span className="number">{formatBytes(backupProgress.bytes)}{backupProgress.totalBytes !== null && <span className="dim"> of about {formatBytes(backupProgress.totalBytes)}</span>}</span>
            <span className="mono clip dim push small">{backupProgress.current ?? ''}</span>
          </div>
          <ProgressLine done={backupProgress.bytes} total={backupProgress.totalBytes} label="Backup progress" />
        </div>
      )}
      {backup !== null && <p className="small second wrap">Backup {levelWords[backup.level].toLowerCase()}: <span className="mono">{backup.path}</span></p>}
      {waitingForLock !== null && run.outcome === null && (
        <p className="mark" data-tone="attention"><span className="glyph" aria-hidden="true">▲</span>
          Waiting for the lock of {[waitingForLock.person, waitingForLock.host].filter((part) => part !== null).join(' on ') || 'another session'}
        </p>
      )}
      {warnings.map((warning) => <p key={warning} className="row wrap" data-tone="attention" style={{ color: 'var(--tone)', alignItems: 'baseline' }}><span aria-hidden="true">▲</span>{warning}</p>)}
    </div>
  );
}
