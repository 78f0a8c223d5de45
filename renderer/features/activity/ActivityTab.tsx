/** Who works on the database now, and who waits for whom. */
import { Button } from '@mantine/core';
import { useEffect, useMemo, useState } from 'react';
import type { EnvironmentSummary } from '../../../shared/contract/views.ts';
import type { ActivitySession, SessionEnding } from '../../../shared/model/activity.ts';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { Mark } from '../../components/Mark.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { ReadingNotice } from '../../components/ReadingNotice.tsx';
import { formatDuration } from '../../format.ts';
import { readings } from '../../readings.ts';
import { refresh, useResource } from '../../resources.ts';
import { EndSessionDialog } from './EndSessionDialog.tsx';
import { activityTexts as texts } from './texts.ts';

/** Milliseconds between two looks while it is on screen. */
const everyMs = 3000;

export default function ActivityTab({ summary }: { summary: EnvironmentSummary }) {
  const { environment } = summary;
  const reading = useMemo(() => readings.activity(environment.id), [environment.id]);
  const activity = useResource(reading);
  const [ending, setEnding] = useState<{ session: ActivitySession; how: SessionEnding } | null>(null);
  useEffect(() => {
    const timer = setInterval(() => void refresh(reading), everyMs);
    return () => clearInterval(timer);
  }, [reading]);
  const columns = useMemo(() => columnsOf((session, how) => setEnding({ session, how })), []);
  return (
    <div className="column wide">
      <div className="toolbar">
        <span className="second">{texts.readAgainEverySecondsStatements(everyMs / 1000)}</span>
        <Button size="xs" variant="default" className="push" onClick={() => void refresh(reading)}>
          {texts.readNow}
        </Button>
      </div>
      {activity.problem !== null && <ProblemNotice problem={activity.problem} />}
      {activity.data === null && activity.problem === null && <ReadingNotice>{texts.reading}</ReadingNotice>}
      {activity.data !== null && (
        <DataTable
          label={texts.sessions}
          columns={columns}
          rows={activity.data.sessions}
          rowKey={({ pid }) => String(pid)}
          empty={
            <section className="panel">
              <EmptyState glyph="✓" title={texts.nobodyElseWorksHere}>
                {texts.noOtherSessionIsOpen}
              </EmptyState>
            </section>
          }
        />
      )}
      {ending !== null && <EndSessionDialog environment={environment} {...ending} onClose={() => setEnding(null)} />}
    </div>
  );
}

const columnsOf = (
  onEnd: (session: ActivitySession, how: SessionEnding) => void,
): readonly Column<ActivitySession>[] => [
  {
    id: 'pid',
    title: texts.session,
    width: '76px',
    cell: ({ pid }) => <span className="mono">{pid}</span>,
    sortBy: ({ pid }) => pid,
  },
  { id: 'user', title: texts.user, width: 'minmax(150px, 1.2fr)', cell: whoOf, sortBy: ({ user }) => user ?? '' },
  {
    id: 'standing',
    title: texts.waitsOrBlocks,
    width: 'minmax(170px, 1.4fr)',
    cell: standingOf,
    sortBy: ({ blocks }) => -blocks.length,
  },
  {
    id: 'age',
    title: texts.for,
    width: '84px',
    align: 'end',
    cell: ({ ageMs }) => (ageMs === null ? '' : formatDuration(ageMs)),
    sortBy: ({ ageMs }) => ageMs ?? -1,
  },
  {
    id: 'query',
    title: texts.statement,
    width: 'minmax(170px, 3fr)',
    cell: ({ query, state }) => (
      <span className="mono clip" title={query ?? ''}>
        {query ?? state ?? ''}
      </span>
    ),
  },
  {
    id: 'end',
    title: texts.end,
    width: '216px',
    cell: (session) => (
      <span className="row" style={{ gap: 6 }}>
        <Button
          size="compact-xs"
          variant="default"
          aria-label={texts.cancelStatementOf(session.pid)}
          onClick={() => onEnd(session, 'cancel')}
        >
          {texts.cancel}
        </Button>
        <Button
          size="compact-xs"
          variant="default"
          aria-label={texts.endSessionOf(session.pid)}
          onClick={() => onEnd(session, 'terminate')}
        >
          {texts.endSession}
        </Button>
      </span>
    ),
  },
];

function whoOf({ user, host, application }: ActivitySession) {
  const words = [user, host].filter((part) => part !== null).join(texts.on);
  return (
    <span className="clip" title={[words, application].filter(Boolean).join(', ')}>
      {words || application || texts.notTold}
    </span>
  );
}

function standingOf({ waitingFor, blocks, inferred }: ActivitySession) {
  const suffix = inferred ? texts.inferred : '';
  if (blocks.length > 0) {
    const word = texts.blocks(blocks.join(', '), suffix);
    return <Mark mark={{ glyph: '▲', word, tone: 'attention' }} title={word} />;
  }
  if (waitingFor !== null) {
    const word = texts.waits(waitingFor);
    return <Mark mark={{ glyph: '◐', word, tone: 'running' }} title={word} />;
  }
  return <span className="dim">—</span>;
}
