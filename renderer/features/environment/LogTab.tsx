/** The log of one chosen run of this environment. */

import { NativeSelect } from '@mantine/core';
import { useMemo } from 'react';
import type { EnvironmentSummary } from '../../../shared/contract/views.ts';
import type { RunRecord, RunSummary } from '../../../shared/model/run.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { ReadingNotice } from '../../components/ReadingNotice.tsx';
import { backend } from '../../connection.ts';
import { formatTime } from '../../format.ts';
import { readings } from '../../readings.ts';
import { type Reading, useResource } from '../../resources.ts';
import { formatRoute } from '../../router.ts';
import { actionWords, outcomeMarks, runningMark } from '../../texts.ts';
import { replaceRoute } from '../../useRoute.ts';
import { LogView } from '../runs/LogView.tsx';
import { logLines } from '../runs/logLines.ts';
import { environmentTexts as texts } from './texts.ts';

const logReading = (id: string): Reading<RunRecord[]> => ({ key: `log:${id}`, read: () => backend().runs.log({ id }) });

export function LogTab({ summary, run }: { summary: EnvironmentSummary; run: string | null }) {
  const { id } = summary.environment;
  const runs = useResource(readings.runs(id));
  const chosen = run ?? runs.data?.[0]?.id ?? null;
  const log = useResource(chosen === null ? null : logReading(chosen));
  const lines = useMemo(() => logLines(log.data ?? []), [log.data]);
  const problem = runs.problem ?? log.problem;
  if (problem !== null) return <ProblemNotice problem={problem} />;
  if (runs.data === null) return <ReadingNotice>{texts.readingTheRuns}</ReadingNotice>;
  if (chosen === null)
    return (
      <section className="panel">
        <EmptyState title={texts.noLogYet}>{texts.theLogOfEachRun}</EmptyState>
      </section>
    );
  return (
    <LogView
      lines={lines}
      live={false}
      lead={
        <>
          <NativeSelect
            size="xs"
            w={320}
            aria-label={texts.run}
            value={chosen}
            onChange={(event) =>
              replaceRoute({ screen: 'environment', id, tab: 'log', run: event.currentTarget.value })
            }
            data={runs.data.map((one) => ({ value: one.id, label: runLabel(one) }))}
          />
          <a className="link small" href={formatRoute({ screen: 'run', id: chosen })}>
            {texts.openTheRun}
          </a>
        </>
      }
    />
  );
}

const runLabel = (run: RunSummary): string =>
  `${formatTime(run.startedAt)} · ${actionWords[run.action]} · ${(run.outcome === null ? runningMark : outcomeMarks[run.outcome]).word}`;
