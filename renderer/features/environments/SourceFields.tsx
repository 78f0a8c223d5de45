/** Which folder, which tool: chosen by a person or detected, with the evidence. */

import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconFolderOpen } from '@tabler/icons-react';
import { lazy, Suspense } from 'react';
import type { DetectReport } from '../../../shared/model/detection.ts';
import { ProblemList } from '../../components/ProblemList.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { ReadingNotice } from '../../components/ReadingNotice.tsx';
import { backend } from '../../connection.ts';
import { readings } from '../../readings.ts';
import { type Reading, useResource } from '../../resources.ts';
import { inElectron } from '../../rpc.ts';
import { useAction } from '../../useAction.ts';
import type { FieldsProps } from './fields.ts';
import { PlaceholderFields } from './PlaceholderFields.tsx';
import { connectionTexts as texts } from './texts.ts';

const FolderBrowser = lazy(() => import('./FolderBrowser.tsx'));

const detectReading = (path: string): Reading<DetectReport> => ({
  key: `detect:${path}`,
  read: () => backend().source.detect({ path }),
});

interface SourceFieldsProps extends Omit<FieldsProps, 'missing'> {
  /** Whether the folder dialog is open, over this form. */
  readonly browsing: boolean;
  readonly setBrowsing: (browsing: boolean) => void;
}

export function SourceFields({ draft, change, browsing, setBrowsing }: SourceFieldsProps) {
  const [path] = useDebouncedValue(draft.sourcePath.trim(), 350);
  const detection = useResource(path === '' ? null : detectReading(path));
  const tools = useResource(readings.tools()).data?.tools ?? [];
  const picking = useAction(async () => {
    const { path: picked } = await backend().application.pickFolder();
    if (picked !== null) change({ sourcePath: picked });
  });
  const best = detection.data?.candidates[0];
  return (
    <section className="drawer-section">
      <h3>{texts.migrations}</h3>
      <div className="row" style={{ alignItems: 'flex-end' }}>
        <TextInput
          className="fill"
          label={texts.folder}
          placeholder={texts.folderExample}
          value={draft.sourcePath}
          onChange={(event) => change({ sourcePath: event.currentTarget.value })}
          spellCheck={false}
          autoComplete="off"
        />
        <Button
          variant="default"
          leftSection={<IconFolderOpen size={16} />}
          loading={picking.busy}
          onClick={() => (inElectron() ? picking.run() : setBrowsing(true))}
        >
          {texts.choose}
        </Button>
      </div>
      {picking.problem !== null && <ProblemNotice problem={picking.problem} />}
      {path !== '' && <Detection report={detection.data} loading={detection.loading} />}
      {detection.problem !== null && <ProblemNotice problem={detection.problem} />}
      <div className="field-grid even">
        <NativeSelect
          label={texts.tool}
          value={draft.tool}
          onChange={(event) => change({ tool: event.currentTarget.value })}
          data={[
            { value: '', label: best === undefined ? texts.detectEachTime : texts.detected(best.title) },
            ...tools.map(({ id, title }) => ({ value: id, label: title })),
          ]}
        />
        <TextInput
          label={texts.historyTable}
          placeholder={texts.theToolsOwn}
          value={draft.historyTable}
          onChange={(event) => change({ historyTable: event.currentTarget.value })}
          spellCheck={false}
          autoComplete="off"
        />
      </div>
      <PlaceholderFields draft={draft} change={change} />
      {browsing && (
        <Suspense>
          <FolderBrowser
            start={draft.sourcePath.trim() === '' ? null : draft.sourcePath.trim()}
            onClose={() => setBrowsing(false)}
            onChoose={(sourcePath) => {
              change({ sourcePath });
              setBrowsing(false);
            }}
          />
        </Suspense>
      )}
    </section>
  );
}

function Detection({ report, loading }: { report: DetectReport | null; loading: boolean }) {
  if (report === null) return loading ? <ReadingNotice>{texts.lookingAtTheFolder}</ReadingNotice> : null;
  return (
    <div className="column" role="status">
      {report.candidates.map((candidate) => (
        <div key={candidate.tool} className="candidate">
          <div className="row">
            <span className="strong">{candidate.title}</span>
            <span className="second">{texts.migrations2(candidate.migrations)}</span>
            <span className="push second number">{texts.certain(Math.round(candidate.certainty * 100))}</span>
          </div>
          <ul>
            {candidate.evidence.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </div>
      ))}
      <ProblemList problems={report.problems} tone="attention" />
    </div>
  );
}
