import type { RestorePlan } from '../../../shared/model/restore.ts';
import { CopyLine } from '../../components/CopyText.tsx';
import { formatBytes } from '../../format.ts';
import { restoreTexts as texts } from './texts.ts';

/** The names before and after: who looks for a database later finds it by these. */
export function NamesPanel({ plan }: { plan: RestorePlan }) {
  return (
    <section className="panel" aria-label={texts.names}>
      <div className="panel-head">
        <h2>{texts.names}</h2>
        {plan.backup !== null && (
          <span className="push small dim">{texts.archive(formatBytes(plan.backup.bytes))}</span>
        )}
      </div>
      <dl className="panel-body facts">
        <dt>{texts.archive2}</dt>
        <dd>
          <CopyLine value={plan.file} label={texts.copyThePath} />
        </dd>
        <dt>{texts.restoredAs}</dt>
        <dd className="mono">{plan.restored}</dd>
        {plan.kept !== null && (
          <>
            <dt>{texts.takesTheName}</dt>
            <dd className="mono">{plan.live}</dd>
            <dt>{texts.theOneOfNowIs}</dt>
            <dd className="mono">{plan.kept}</dd>
          </>
        )}
      </dl>
    </section>
  );
}
