/** The steps of a plan in order, each with what an admin must know of it. */
import type { PlanStepView, PlanView } from '../../../shared/contract/views.ts';
import { FactChips } from '../../components/HazardChips.tsx';
import { formatDuration, formatNumber } from '../../format.ts';
import { formatRoute } from '../../router.ts';
import './plan.css';
import { filled } from '../../components/filled.tsx';
import { migrateTexts as texts } from './texts.ts';

interface PlanStepsProps {
  readonly plan: PlanView;
  /** Null: its migrations are not in the environment's folder, and have no page. */
  readonly environmentId: string | null;
}

export function PlanSteps({ plan, environmentId }: PlanStepsProps) {
  return (
    <ol className="panel plan-steps">
      {plan.steps.map((step) => (
        <PlanStep key={step.index} step={step} environmentId={environmentId} />
      ))}
    </ol>
  );
}

const estimateWords: Readonly<Record<NonNullable<PlanStepView['estimate']>['source'], string>> = {
  author: texts.itsAuthorsEstimate,
  history: texts.fromEarlierRuns,
  rehearsal: texts.fromItsRehearsal,
};

function PlanStep({ step, environmentId }: { step: PlanStepView; environmentId: string | null }) {
  const { estimate, version } = step;
  const title = (
    <>
      <span className="mono">{version}</span> {step.name}
    </>
  );
  return (
    <li className="plan-step">
      <span className="ordinal number" aria-hidden="true">
        {step.index + 1}
      </span>
      <div className="column" style={{ gap: 4 }}>
        <div className="row wraps" style={{ gap: '2px 10px' }}>
          {environmentId === null ? (
            <span className="strong">{title}</span>
          ) : (
            <a className="link strong" href={formatRoute({ screen: 'migration', id: environmentId, version })}>
              {title}
            </a>
          )}
          {step.action === 'revert' && <span className="chip plain">{texts.rollBack}</span>}
        </div>
        {step.description !== null && <p className="second">{step.description}</p>}
        <p className="meta">
          {step.author !== null && <span>{texts.by(step.author)}</span>}
          <span>{texts.statements(step.statements)}</span>
          {step.tables.length > 0 && (
            <span>
              {texts.tables} {step.tables.join(', ')}
            </span>
          )}
          {step.affectedModules.length > 0 && (
            <span>
              {texts.modules} {step.affectedModules.join(', ')}
            </span>
          )}
          <span className="mono clip" title={step.path}>
            {step.path}
          </span>
        </p>
        <BeforeRun step={step} />
        <Conduct step={step} />
        <div className="row wraps" style={{ gap: 6 }}>
          <FactChips {...step} />
        </div>
      </div>
      <span className="estimate">
        {estimate === null ? (
          <span className="dim">{texts.noEstimate}</span>
        ) : (
          <>
            <span className="number">{texts.about2(formatDuration(estimate.ms))}</span>
            <span className="small dim">{estimateWords[estimate.source]}</span>
          </>
        )}
      </span>
    </li>
  );
}

/** What its author wants read, and true, before it runs. */
function BeforeRun({ step: { notes, prerequisites } }: { step: PlanStepView }) {
  if (notes === null && prerequisites.length === 0) return null;
  return (
    <div className="notes" role="note">
      {prerequisites.length > 0 && (
        <>
          <strong>{texts.mustBeSoBeforeIt}</strong>
          <ul className="bullets">
            {prerequisites.map((prerequisite) => (
              <li key={prerequisite}>{prerequisite}</li>
            ))}
          </ul>
        </>
      )}
      {notes !== null && <p className="preserve">{notes}</p>}
    </div>
  );
}

/** How its statements are run where that is not plain: repeated, with values put in, with a time of their own. */
function Conduct({ step: { batched, placeholders, statementTimeoutMs } }: { step: PlanStepView }) {
  const values = Object.entries(placeholders);
  if (batched.length === 0 && values.length === 0 && statementTimeoutMs === null) return null;
  return (
    <ul className="conduct small second">
      {batched.map(({ line, size, pauseMs, max }) => (
        <li key={line}>
          <span aria-hidden="true">↻</span> {texts.lineRepeatsUntilNothingIs(line)}
          {size !== null && texts.rowsAtATime(formatNumber(size))}
          {texts.atMostEachIsCommitted(pauseMs > 0 ? texts.betweenTwo(formatDuration(pauseMs)) : '', texts.times(max))}
        </li>
      ))}
      {statementTimeoutMs !== null && (
        <li>
          <span aria-hidden="true">◷</span> {texts.eachStatementMayTake(formatDuration(statementTimeoutMs))}
        </li>
      )}
      {values.map(([name, value]) => (
        <li key={name} className="wrap">
          <span aria-hidden="true">$</span>{' '}
          {filled(texts.standsFor, {
            name: <span className="mono">{`\${${name}}`}</span>,
            value: <span className="mono">{value === '' ? texts.nothing : value}</span>,
          })}
        </li>
      ))}
    </ul>
  );
}
