import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { ReadingNotice } from '../../components/ReadingNotice.tsx';
import { readings } from '../../readings.ts';
import { useResource } from '../../resources.ts';
import { environmentTexts } from '../environment/texts.ts';
import { BackupsTable } from './BackupsTable.tsx';

export default function BackupsPage() {
  const { data, problem } = useResource(readings.backups(null));
  return (
    <div className="page tall">
      <div className="page-head">
        <h1 tabIndex={-1}>Backups</h1>
        <span className="sub">Each level includes the ones before: taken, checked, proven</span>
      </div>
      {problem !== null && <ProblemNotice problem={problem} />}
      {data === null && problem === null && <ReadingNotice>{environmentTexts.readingTheBackups}</ReadingNotice>}
      {data !== null && <BackupsTable backups={data} of={null} />}
    </div>
  );
}
