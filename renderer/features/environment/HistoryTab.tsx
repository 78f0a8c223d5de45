import type { EnvironmentSummary } from '../../../shared/contract/views.ts';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { readings } from '../../readings.ts';
import { useResource } from '../../resources.ts';
import { HistoryTable } from '../history/HistoryTable.tsx';

export function HistoryTab({ summary }: { summary: EnvironmentSummary }) {
  const { data, problem } = useResource(readings.history(summary.environment.id));
  if (problem !== null) return <ProblemNotice problem={problem} />;
  if (data === null)
    return (
      <p className="dim" role="status">
        Reading the history…
      </p>
    );
  return <HistoryTable lines={data} environmentId={summary.environment.id} />;
}
