/** What the next run would do. */

import { Button, NativeSelect } from '@mantine/core';
import type { EnvironmentSummary } from '../../../shared/contract/views.ts';
import type { Problem } from '../../../shared/problem.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { ReadingNotice } from '../../components/ReadingNotice.tsx';
import { formatDuration } from '../../format.ts';
import { readings } from '../../readings.ts';
import { refresh, useResource } from '../../resources.ts';
import { navigate } from '../../useRoute.ts';
import { PlanProblems } from '../migrate/PlanProblems.tsx';
import { PlanSteps } from '../migrate/PlanSteps.tsx';
import { planDuration } from '../migrate/planFacts.ts';
import { environmentTexts as texts } from './texts.ts';

interface PlanTabProps {
  readonly summary: EnvironmentSummary;
  /** Why the status could not be read, which the page already shows. */
  readonly shownProblem: Problem | null;
}

export function PlanTab({ summary, shownProblem }: PlanTabProps) {
  const { id, name } = summary.environment;
  const reading = readings.plan(id, { direction: 'up' });
  const { data: plan, problem, loading } = useResource(reading);
  if (plan === null) {
    if (problem !== null && problem.code === shownProblem?.code)
      return <EmptyState title={texts.noPlanWithoutTheDatabase}>{texts.itIsComputedFromThe}</EmptyState>;
    if (problem !== null)
      return (
        <ProblemNotice
          problem={problem}
          actions={
            <Button size="xs" loading={loading} onClick={() => void refresh(reading)}>
              {texts.planAgain}
            </Button>
          }
        />
      );
    return <ReadingNotice>{texts.comparingTheFolderWithThe}</ReadingNotice>;
  }
  const duration = planDuration(plan);
  return (
    <>
      <PlanProblems plan={plan} summary={summary} />
      {plan.steps.length === 0 ? (
        <section className="panel">
          <EmptyState glyph="✓" title={texts.upToDate}>
            {texts.everythingInTheFolderIs(name)}
          </EmptyState>
        </section>
      ) : (
        <>
          <div className="toolbar">
            <span className="second">
              {texts.toApply(texts.migrations2(plan.steps.length))}
              {duration !== null && <>{texts.about(formatDuration(duration))}</>}
            </span>
            <NativeSelect
              className="push"
              size="xs"
              aria-label={texts.migrateUpTo}
              value=""
              onChange={(event) =>
                navigate({ screen: 'migrate', id, target: { direction: 'up', to: event.currentTarget.value } })
              }
              data={[
                { value: '', label: texts.migrateUpTo2, disabled: true },
                ...plan.steps.map((step) => ({ value: step.version, label: `${step.version} ${step.name}` })),
              ]}
            />
          </div>
          <div className="scrolls">
            <PlanSteps plan={plan} environmentId={id} />
          </div>
        </>
      )}
    </>
  );
}
