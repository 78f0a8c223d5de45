/** The folder, and which tool keeps it: detected with evidence, or chosen where two fit. */

import { Button, Radio, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { DetectReport } from '../../../shared/model/detection.ts';
import { ProblemList } from '../../components/ProblemList.tsx';
import { ReadingNotice } from '../../components/ReadingNotice.tsx';
import type { DetectionWanted } from '../../readings.ts';
import { adoptionTexts as texts } from './texts.ts';

interface FolderStepProps {
  readonly wanted: DetectionWanted;
  readonly choose: (part: Partial<DetectionWanted>) => void;
  readonly report: DetectReport | null;
  readonly loading: boolean;
}

export function FolderStep({ wanted, choose, report, loading }: FolderStepProps) {
  const [path, setPath] = useState(wanted.path);
  return (
    <section className="panel" aria-label={texts.folderAndTool} tabIndex={-1}>
      <div className="panel-body column wide">
        <form
          className="row"
          style={{ alignItems: 'flex-end' }}
          onSubmit={(event) => {
            event.preventDefault();
            choose({ path: path.trim(), tool: null, historyTable: null });
          }}
        >
          <TextInput
            className="fill"
            label={texts.migrationFolder}
            value={path}
            onChange={(event) => setPath(event.currentTarget.value)}
            autoComplete="off"
            spellCheck={false}
          />
          <Button type="submit" variant="default" disabled={path.trim() === ''}>
            {texts.look}
          </Button>
        </form>
        {loading && report === null && <ReadingNotice>{texts.lookingAtTheFolderAnd}</ReadingNotice>}
        {report !== null && (
          <>
            <ProblemList problems={report.problems} tone="attention" />
            <Tools report={report} choose={choose} />
          </>
        )}
      </div>
    </section>
  );
}

function Tools({ report, choose }: { report: DetectReport; choose: FolderStepProps['choose'] }) {
  if (report.candidates.length === 0) return null;
  return (
    <Radio.Group
      label={texts.tool}
      value={report.comparison?.tool ?? ''}
      onChange={(tool) => choose({ tool, historyTable: null })}
    >
      {report.candidates.map(({ tool, title, certainty, migrations, evidence }) => (
        <div key={tool} className="choice">
          <Radio value={tool} label={`${title}, ${certaintyWords(certainty)}, ${texts.migrations(migrations)}`} />
          <ul>
            {evidence.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </div>
      ))}
    </Radio.Group>
  );
}

/** Only what says so itself is certain. */
const certaintyWords = (certainty: number): string =>
  certainty === 1 ? texts.fullyCertain : texts.certain(Math.min(99, Math.round(certainty * 100)));
