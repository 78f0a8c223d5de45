import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { readings } from '../../readings.ts';
import { useResource } from '../../resources.ts';
import { HistoryTable } from './HistoryTable.tsx';

export default function HistoryPage() {
  const { data, problem } = useResource(readings.history(null));
  return (
    <div className="page tall">
      <div className="page-head">
        <h1 tabIndex={-1}>History</h1>
        <span className="sub">All environments, newest first</span>
      </div>
      {problem !== null && <ProblemNotice problem={problem} />}
      {data !== null && <HistoryTable lines={data} environmentId={null} />}
    </div>
  );
}
