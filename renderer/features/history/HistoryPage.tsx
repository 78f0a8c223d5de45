import { SegmentedControl } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { ReadingNotice } from '../../components/ReadingNotice.tsx';
import { readings } from '../../readings.ts';
import { useResource } from '../../resources.ts';
import { environmentTexts } from '../environment/texts.ts';
import { HistoryTable } from './HistoryTable.tsx';

const TrendsView = lazy(() => import('./TrendsView.tsx'));

export default function HistoryPage() {
  const [shown, setShown] = useState<'list' | 'trends'>('list');
  return (
    <div className={shown === 'list' ? 'page tall' : 'page'}>
      <div className="page-head">
        <h1 tabIndex={-1}>History</h1>
        <span className="sub">
          {shown === 'list' ? 'All environments, newest first' : 'Durations and sizes over time'}
        </span>
        <SegmentedControl
          size="xs"
          className="push"
          aria-label="History shown as"
          value={shown}
          onChange={(value) => setShown(value === 'trends' ? 'trends' : 'list')}
          data={[
            { value: 'list', label: 'List' },
            { value: 'trends', label: 'Over time' },
          ]}
        />
      </div>
      {shown === 'list' ? (
        <List />
      ) : (
        <Suspense fallback={null}>
          <TrendsView />
        </Suspense>
      )}
    </div>
  );
}

function List() {
  const { data, problem } = useResource(readings.history(null));
  return (
    <>
      {problem !== null && <ProblemNotice problem={problem} />}
      {data === null && problem === null && <ReadingNotice>{environmentTexts.readingTheHistory}</ReadingNotice>}
      {data !== null && <HistoryTable lines={data} environmentId={null} />}
    </>
  );
}
