import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { ReadingNotice } from '../../components/ReadingNotice.tsx';
import { readings } from '../../readings.ts';
import { useResource } from '../../resources.ts';
import { environmentTexts } from '../environment/texts.ts';
import { BackupsTable } from './BackupsTable.tsx';
import { backupTexts as texts } from './texts.ts';

export default function BackupsPage() {
  const { data, problem } = useResource(readings.backups(null));
  return (
    <div className="page tall">
      <div className="page-head">
        <h1 tabIndex={-1}>{texts.backups}</h1>
        <span className="sub">{texts.eachLevelIncludesTheOnes}</span>
      </div>
      {problem !== null && <ProblemNotice problem={problem} />}
      {data === null && problem === null && <ReadingNotice>{environmentTexts.readingTheBackups}</ReadingNotice>}
      {data !== null && <BackupsTable backups={data} of={null} />}
    </div>
  );
}
