/** The history that the database has: which table, with which columns, whose it may be. */
import { Radio } from '@mantine/core';
import type { DetectReport, FoundHistory } from '../../../shared/model/detection.ts';
import { ProblemList } from '../../components/ProblemList.tsx';
import type { DetectionWanted } from '../../readings.ts';
import { adoptionTexts as texts } from './texts.ts';

interface TableStepProps {
  readonly report: DetectReport;
  readonly wanted: DetectionWanted;
  readonly choose: (part: Partial<DetectionWanted>) => void;
}

export function TableStep({ report, wanted, choose }: TableStepProps) {
  const { comparison, histories, notices } = report;
  if (comparison === null) return null;
  const fits = ({ tools }: FoundHistory): boolean => tools.some(({ tool }) => tool === comparison.tool);
  const [own, others] = [histories.filter(fits), histories.filter((one) => !fits(one))];
  return (
    <section className="panel" aria-label={texts.historyTable} tabIndex={-1}>
      <div className="panel-body column wide">
        <Radio.Group
          label={texts.historyOf(comparison.title)}
          value={wanted.historyTable ?? comparison.historyTable}
          onChange={(historyTable) => choose({ historyTable })}
        >
          {own.map((history) => (
            <div key={history.table} className="choice">
              <Radio value={history.table} label={history.table} />
              <Facts history={history} />
            </div>
          ))}
          {comparison.columns === null && (
            <div className="choice">
              <Radio value={comparison.historyTable} label={texts.notThereYetMadeWith(comparison.historyTable)} />
            </div>
          )}
        </Radio.Group>
        {others.length > 0 && (
          <div>
            <h2>{texts.historiesOfOtherTools}</h2>
            {others.map((history) => (
              <div key={history.table} className="choice">
                <span className="strong mono">{history.table}</span>
                <Facts history={history} />
              </div>
            ))}
          </div>
        )}
        <ProblemList problems={notices} tone="attention" />
      </div>
    </section>
  );
}

function Facts({ history }: { history: FoundHistory }) {
  return (
    <ul>
      <li>
        {texts.columns} <span className="mono">{history.columns.join(', ')}</span>
      </li>
      {history.tools.map(({ tool, title, evidence }) => (
        <li key={tool}>
          {title}: {evidence.join(', ')}
        </li>
      ))}
    </ul>
  );
}
