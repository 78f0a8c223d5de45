import { Button } from '@mantine/core';
import type { EnvironmentSummary, PlanView } from '../../../shared/contract/views.ts';
import type { Problem } from '../../../shared/problem.ts';
import { ProblemList } from '../../components/ProblemList.tsx';
import { formatRoute } from '../../router.ts';
import { BundlePrograms } from '../bundles/PlannedBundle.tsx';
import { openDialog } from '../environments/dialogs.ts';
import { TrustNotice } from '../trust/TrustNotice.tsx';
import { migrateTexts as texts } from './texts.ts';

interface PlanProblemsProps {
  readonly plan: PlanView;
  readonly summary: EnvironmentSummary;
  /** Digest of the bundle that is planned; null: the environment's folder is. */
  readonly bundle?: string | null;
  readonly urgent?: boolean;
}

/** What prevents a plan, and what to know first; each with the way to settle it. */
export function PlanProblems({ plan, summary, bundle = null, urgent = false }: PlanProblemsProps) {
  const actionsFor = (problem: Problem) => <Settle problem={problem} summary={summary} />;
  return (
    <>
      {plan.trust !== null &&
        (bundle === null ? (
          <TrustNotice request={plan.trust} environmentId={summary.environment.id} />
        ) : (
          <BundlePrograms digest={bundle} environmentId={summary.environment.id} request={plan.trust} />
        ))}
      <ProblemList
        problems={plan.problems.filter(({ code }) => code !== 'gate.trust')}
        tone={urgent ? 'danger' : 'attention'}
        urgent={urgent}
        actionsFor={actionsFor}
      />
      <ProblemList problems={plan.warnings} tone="attention" actionsFor={actionsFor} />
    </>
  );
}

function Settle({ problem, summary }: { problem: Problem; summary: EnvironmentSummary }) {
  if (problem.code === 'script.placeholderMissing')
    return (
      <Button size="xs" onClick={() => openDialog({ kind: 'edit', summary })}>
        {texts.enterItsValue}
      </Button>
    );
  if (problem.code === 'plan.changed' || problem.code === 'plan.missing' || problem.code === 'plan.failedEntry')
    return (
      <Button
        size="xs"
        component="a"
        href={formatRoute({ screen: 'environment', id: summary.environment.id, tab: 'attention', run: null })}
      >
        {texts.lookAtTheHistory}
      </Button>
    );
  return null;
}
