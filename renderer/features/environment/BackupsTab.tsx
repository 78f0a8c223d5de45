import type { EnvironmentSummary } from '../../../shared/contract/views.ts';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { ReadingNotice } from '../../components/ReadingNotice.tsx';
import { readings } from '../../readings.ts';
import { useResource } from '../../resources.ts';
import { BackupsTable } from '../backups/BackupsTable.tsx';
import { environmentTexts as texts } from './texts.ts';

export function BackupsTab({ summary }: { summary: EnvironmentSummary }) {
  const { data, problem } = useResource(readings.backups(summary.environment.id));
  if (problem !== null) return <ProblemNotice problem={problem} />;
  if (data === null) return <ReadingNotice>{texts.readingTheBackups}</ReadingNotice>;
  return <BackupsTable backups={data} of={summary} />;
}
