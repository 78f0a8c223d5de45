import type { RestorePlan } from '../../../shared/model/restore.ts';
import { CopyLine } from '../../components/CopyText.tsx';
import { formatBytes } from '../../format.ts';

/** The names before and after: who looks for a database later finds it by these. */
export function NamesPanel({ plan }: { plan: RestorePlan }) {
  return (
    <section className="panel" aria-label="Names">
      <div className="panel-head">
        <h2>Names</h2>
        {plan.backup !== null && <span className="push small dim">{formatBytes(plan.backup.bytes)} archive</span>}
      </div>
      <dl className="panel-body facts">
        <dt>Archive</dt>
        <dd>
          <CopyLine value={plan.file} label="Copy the path" />
        </dd>
        <dt>Restored as</dt>
        <dd className="mono">{plan.restored}</dd>
        {plan.kept !== null && (
          <>
            <dt>Takes the name</dt>
            <dd className="mono">{plan.live}</dd>
            <dt>The one of now is kept as</dt>
            <dd className="mono">{plan.kept}</dd>
          </>
        )}
      </dl>
    </section>
  );
}
