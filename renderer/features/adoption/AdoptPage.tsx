/** Moves a history into another tool's table: what is wanted, then what would be written and what the gate asks. */

import { Skeleton } from '@mantine/core';
import type { AdoptRequest } from '../../../shared/model/adoption.ts';
import { EnvironmentBanner } from '../../components/EnvironmentName.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { ReadingNotice } from '../../components/ReadingNotice.tsx';
import { readings } from '../../readings.ts';
import { useResource } from '../../resources.ts';
import { formatRoute } from '../../router.ts';
import { useEnvironment } from '../environment/useEnvironment.ts';
import { AdoptForm } from './AdoptForm.tsx';
import { AdoptPlan } from './AdoptPlan.tsx';
import './adoption.css';
import { adoptionTexts as texts } from './texts.ts';

interface AdoptPageProps {
  readonly id: string;
  readonly wanted: AdoptRequest | null;
}

export default function AdoptPage({ id, wanted }: AdoptPageProps) {
  const { summary, problem } = useEnvironment(id);
  const plan = useResource(wanted === null ? null : readings.adoptPlan(id, wanted));
  if (summary === null)
    return (
      <div className="page">{problem === null ? <Skeleton height={76} /> : <ProblemNotice problem={problem} />}</div>
    );
  return (
    <div className="page">
      <nav className="crumbs" aria-label={texts.place}>
        <a href="#/environments">{texts.environments}</a>
        <span aria-hidden="true">/</span>
        <a href={formatRoute({ screen: 'environment', id, tab: 'plan', run: null })}>{summary.environment.name}</a>
      </nav>
      <EnvironmentBanner
        environment={summary.environment}
        title={texts.moveTheHistory}
        where={texts.theOldTableStaysAs(summary.url)}
      />
      <AdoptForm id={id} wanted={wanted} />
      {plan.problem !== null && <ProblemNotice problem={plan.problem} urgent />}
      {wanted !== null && plan.data === null && plan.problem === null && (
        <ReadingNotice>{texts.comparingFilesAndHistories}</ReadingNotice>
      )}
      {wanted !== null && plan.data !== null && plan.problem === null && (
        <AdoptPlan key={plan.data.fingerprint} summary={summary} wanted={wanted} plan={plan.data} />
      )}
    </div>
  );
}
