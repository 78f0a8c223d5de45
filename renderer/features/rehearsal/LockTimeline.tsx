/** When each table was locked while a step ran, and against whom. */
import type { RehearsedStep } from '../../../shared/model/rehearsal.ts';
import { formatDuration } from '../../format.ts';
import { keepsOutTones, keepsOutWords, type LockBar, lockBars } from './rehearsalFacts.ts';
import { rehearsalTexts as texts } from './texts.ts';

export function LockTimeline({ step, engine }: { step: RehearsedStep; engine: string }) {
  const { bars, totalMs } = lockBars(step, engine);
  if (step.statements.every(({ locks }) => locks === null)) return <p className="dim">{texts.thisEngineDoesNotTell}</p>;
  if (bars.length === 0) return <p className="dim">{texts.noTableThatWasThere}</p>;
  const tables = [...Map.groupBy(bars, ({ table }) => table)];
  return (
    <div className="lock-timeline">
      <ul aria-label={texts.locksOf(step.version)}>
        {tables.map(([table, taken]) => (
          <li key={table}>
            <span className="mono clip" title={table}>
              {table}
            </span>
            <span className="lock-lane">
              {taken.map((bar) => (
                <Bar key={`${bar.line} ${bar.mode}`} bar={bar} totalMs={totalMs} />
              ))}
            </span>
          </li>
        ))}
      </ul>
      <p className="lock-scale small dim number" aria-hidden="true">
        <span>0</span>
        <span>{formatDuration(totalMs)}</span>
      </p>
      <p className="small dim row wraps">
        {(['everybody', 'writers', 'changes'] as const).map((keepsOut) => (
          <span key={keepsOut} className="row" style={{ gap: 5 }}>
            <i className="lock-key" data-tone={keepsOutTones[keepsOut]} data-keeps-out={keepsOut} aria-hidden="true" />
            {keepsOutWords[keepsOut]}
          </span>
        ))}
      </p>
    </div>
  );
}

function Bar({ bar, totalMs }: { bar: LockBar; totalMs: number }) {
  const share = (ms: number): number => (totalMs === 0 ? 100 : (ms / totalMs) * 100);
  const words = texts.fromLine(bar.mode, bar.line, formatDuration(bar.until - bar.from), keepsOutWords[bar.keepsOut]);
  return (
    <span
      className="lock-bar"
      data-tone={keepsOutTones[bar.keepsOut]}
      data-keeps-out={bar.keepsOut}
      title={words}
      style={{ left: `${share(bar.from)}%`, width: `${Math.max(1, share(bar.until - bar.from))}%` }}
    >
      <span className="hidden-text">{words}</span>
    </span>
  );
}
