/** The plans of several environments under each other: each is looked at, and started, on a page of its own. */
import { Button } from '@mantine/core';
import type { EnvironmentSummary, PlanView } from '../../../shared/contract/views.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { EnvironmentName } from '../../components/EnvironmentName.tsx';
import { FactChips } from '../../components/HazardChips.tsx';
import { formatDuration } from '../../format.ts';
import { readings } from '../../readings.ts';
import { type Resource, useResource } from '../../resources.ts';
import { formatRoute } from '../../router.ts';
import { gateBackupWords } from '../../texts.ts';
import { fleetTexts } from '../fleet/texts.ts';
import { planDuration } from '../migrate/planFacts.ts';
import { matrixTexts as texts } from './matrixTexts.ts';
import './matrix.css';

export default function PlansPage({ ids }: { ids: readonly string[] }) {
  const environments = useResource(readings.environments()).data ?? [];
  const known = ids.flatMap((id) => environments.find(({ environment }) => environment.id === id) ?? []);
  return (
    <div className="page">
      <nav className="crumbs" aria-label={texts.whereThisIs}>
        <a href={formatRoute({ screen: 'environments' })}>{texts.environments}</a>
      </nav>
      <div className="page-head">
        <h1 tabIndex={-1}>{texts.plans}</h1>
        <span className="sub">
          {texts.environmentCount(known.length)}. {texts.plansWhy}
        </span>
        {known.length > 1 && (
          <Button
            component="a"
            className="push"
            href={formatRoute({ screen: 'newFleet', ids: known.map(({ environment }) => environment.id), to: null })}
          >
            {fleetTexts.migrateManyMore(known.length)}
          </Button>
        )}
      </div>
      {known.length === 0 ? (
        <EmptyState title={texts.noneNamed} />
      ) : (
        <ul className="plans-list">
          {known.map((summary) => (
            <PlanLine key={summary.environment.id} summary={summary} />
          ))}
        </ul>
      )}
    </div>
  );
}

function PlanLine({ summary: { environment } }: { summary: EnvironmentSummary }) {
  const plan = useResource(readings.planOfMany(environment.id));
  const pending = plan.data?.steps.length ?? 0;
  return (
    <li className="panel plan-line" data-colour={environment.colour} aria-label={environment.name}>
      <EnvironmentName environment={environment} />
      <PlanWords plan={plan} />
      {(pending > 0 || plan.problem !== null) && (
        <Button
          component="a"
          variant="default"
          size="xs"
          aria-label={`${texts.openPlan}: ${environment.name}`}
          href={formatRoute({ screen: 'migrate', id: environment.id, target: { direction: 'up' } })}
        >
          {texts.openPlan}
        </Button>
      )}
    </li>
  );
}

function PlanWords({ plan: { data, problem } }: { plan: Resource<PlanView> }) {
  if (data === null)
    return problem === null ? (
      <span className="dim">{texts.planning}</span>
    ) : (
      <span className="mark" data-tone="danger">
        <span className="glyph" aria-hidden="true">
          ✕
        </span>
        <span className="wrap">{problem.message}</span>
      </span>
    );
  const told = [...data.problems, ...data.gate.stops];
  const duration = planDuration(data);
  const hazards = data.steps.flatMap((step) => step.hazards);
  return (
    <div className="column" style={{ gap: 4 }}>
      <span>
        {data.steps.length === 0 ? texts.upToDate : texts.steps(data.steps.length)}
        {duration !== null && `, ${texts.about(formatDuration(duration))}`}
        <span className="second"> · {needsOf(data)}</span>
      </span>
      {data.steps.length > 0 && (
        <span className="row wraps" style={{ gap: 6 }}>
          <FactChips
            hazards={hazards}
            transactional={data.steps.every((step) => step.transactional)}
            reversible={data.steps.every((step) => step.reversible)}
            requiresDowntime={data.steps.some((step) => step.requiresDowntime)}
          />
        </span>
      )}
      {told.map((one) => (
        <span key={one.message} className="mark small" data-tone="attention">
          <span className="glyph" aria-hidden="true">
            ▲
          </span>
          <span className="wrap">{one.message}</span>
        </span>
      ))}
    </div>
  );
}

/** What its protection asks, in words. */
function needsOf({ gate }: PlanView): string {
  const needs = [
    ...(gate.backup === 'none' ? [] : [gateBackupWords[gate.backup].toLowerCase()]),
    ...(gate.reason ? [texts.aReason] : []),
    ...(gate.typedName === null ? [] : [texts.itsNameTyped]),
  ];
  return needs.length === 0 ? texts.asksForNothing : texts.needs(needs.join(', '));
}
