/** The steps of a plan in order, each with what an admin must know of it. */
import type { PlanStepView, PlanView } from '../../../shared/contract/views.ts';
import { FactChips } from '../../components/HazardChips.tsx';
import { formatCount, formatDuration } from '../../format.ts';
import { formatRoute } from '../../router.ts';
import './plan.css';

export function PlanSteps({ plan, environmentId }: { plan: PlanView; environmentId: string }) {
  return (
    <ol className="panel plan-steps">
      {plan.steps.map((step) => (
        <PlanStep key={step.index} step={step} environmentId={environmentId} />
      ))}
    </ol>
  );
}

function PlanStep({ step, environmentId }: { step: PlanStepView; environmentId: string }) {
  const estimate = step.estimate;
  return (
    <li className="plan-step">
      <span className="ordinal number" aria-hidden="true">
        {step.index + 1}
      </span>
      <div className="column" style={{ gap: 4 }}>
        <div className="row wraps" style={{ gap: '2px 10px' }}>
          <a
            className="link strong"
            href={formatRoute({ screen: 'migration', id: environmentId, version: step.version })}
          >
            <span className="mono">{step.version}</span> {step.name}
          </a>
          {step.action === 'revert' && <span className="chip plain">Roll back</span>}
        </div>
        {step.description !== null && <p className="second">{step.description}</p>}
        <p className="meta">
          {step.author !== null && <span>by {step.author}</span>}
          <span>{formatCount(step.statements, 'statement')}</span>
          {step.tables.length > 0 && <span>Tables: {step.tables.join(', ')}</span>}
          {step.affectedModules.length > 0 && <span>Modules: {step.affectedModules.join(', ')}</span>}
          <span className="mono clip" title={step.path}>
            {step.path}
          </span>
        </p>
        {step.notes !== null && <p className="notes">{step.notes}</p>}
        <div className="row wraps" style={{ gap: 6 }}>
          <FactChips {...step} />
        </div>
      </div>
      <span className="estimate">
        {estimate === null ? (
          <span className="dim">no estimate</span>
        ) : (
          <>
            <span className="number">about {formatDuration(estimate.ms)}</span>
            <span className="small dim">
              {estimate.source === 'author' ? 'its author’s estimate' : 'from earlier runs'}
            </span>
          </>
        )}
      </span>
    </li>
  );
}
