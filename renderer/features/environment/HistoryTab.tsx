import type { EnvironmentSummary } from '../../../shared/contract/views.ts';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { ReadingNotice } from '../../components/ReadingNotice.tsx';
import { readings } from '../../readings.ts';
import { useResource } from '../../resources.ts';
import { HistoryTable } from '../history/HistoryTable.tsx';
import { environmentTexts as texts } from './texts.ts';

export function HistoryTab({ summary }: { summary: EnvironmentSummary }) {
  const { data, problem } = useResource(readings.history(summary.environment.id));
  if (problem !== null) return <ProblemNotice problem={problem} />;
  if (data === null) return <ReadingNotice>{texts.readingTheHistory}</ReadingNotice>;
  return <HistoryTable lines={data} environmentId={summary.environment.id} />;
}
