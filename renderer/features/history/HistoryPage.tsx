import { SegmentedControl } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { ReadingNotice } from '../../components/ReadingNotice.tsx';
import { readings } from '../../readings.ts';
import { useResource } from '../../resources.ts';
import { environmentTexts } from '../environment/texts.ts';
import { HistoryTable } from './HistoryTable.tsx';
import { historyTexts as texts } from './texts.ts';

const TrendsView = lazy(() => import('./TrendsView.tsx'));

export default function HistoryPage() {
  const [shown, setShown] = useState<'list' | 'trends'>('list');
  return (
    <div className={shown === 'list' ? 'page tall' : 'page'}>
      <div className="page-head">
        <h1 tabIndex={-1}>{texts.history}</h1>
        <span className="sub">
          {shown === 'list' ? texts.allEnvironmentsNewestFirst : texts.durationsAndSizesOverTime}
        </span>
        <SegmentedControl
          size="xs"
          className="push"
          aria-label={texts.historyShownAs}
          value={shown}
          onChange={(value) => setShown(value === 'trends' ? 'trends' : 'list')}
          data={[
            { value: 'list', label: texts.list },
            { value: 'trends', label: texts.overTime },
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
