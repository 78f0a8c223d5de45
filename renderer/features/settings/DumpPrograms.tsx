/** The dump programs that were found, and folders where to look for more. */

import { Button } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import type { Settings } from '../../../shared/contract/views.ts';
import type { ToolsReport } from '../../../shared/model/status.ts';
import { Mark } from '../../components/Mark.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { ReadingNotice } from '../../components/ReadingNotice.tsx';
import { backend } from '../../connection.ts';
import { readings } from '../../readings.ts';
import { refresh, useResource } from '../../resources.ts';
import { inElectron } from '../../rpc.ts';
import { useAction } from '../../useAction.ts';
import { Section } from './Section.tsx';
import { settingsTexts as texts } from './texts.ts';
import { offerUndo } from './UndoButton.tsx';

const FolderBrowser = lazy(() => import('../environments/FolderBrowser.tsx'));

export function DumpPrograms({ folders }: { folders: Settings['programFolders'] }) {
  const tools = useResource(readings.tools());
  const [browsing, setBrowsing] = useState(false);
  const save = async (programFolders: readonly string[]): Promise<void> => {
    await backend().settings.set({ programFolders: [...programFolders] });
    await Promise.all([refresh(readings.settings()), refresh(readings.tools())]);
  };
  const saving = useAction(async (changed: readonly string[]) => {
    await save(changed);
    offerUndo(texts.programFolders, () => save(folders));
  });
  const add = (folder: string): void => saving.run([...folders.filter((one) => one !== folder), folder]);
  const locating = useAction(async () => {
    if (!inElectron()) return setBrowsing(true);
    const { path } = await backend().application.pickFolder();
    if (path !== null) add(path);
  });
  const problem = saving.problem ?? locating.problem ?? tools.problem;
  return (
    <Section
      title={texts.dumpPrograms}
      action={
        <span className="row">
          <Button size="xs" variant="default" loading={tools.loading} onClick={() => void refresh(readings.tools())}>
            {texts.lookAgain}
          </Button>
          <Button size="xs" loading={saving.busy} onClick={locating.run}>
            {texts.locate}
          </Button>
        </span>
      }
    >
      <div className="column wide">
        {problem !== null && <ProblemNotice problem={problem} />}
        {tools.data === null && problem === null && <ReadingNotice>{texts.looking}</ReadingNotice>}
        {tools.data !== null && <Found report={tools.data} />}
        {folders.length > 0 && (
          <ul className="column" aria-label={texts.programFolders}>
            {folders.map((folder) => (
              <li key={folder} className="row">
                <span className="mono wrap fill">{folder}</span>
                {tools.data !== null && !tools.data.dumpPrograms.some(({ path }) => path.startsWith(folder)) && (
                  <Mark mark={{ glyph: '▲', word: texts.nothingThere, tone: 'attention' }} />
                )}
                <Button
                  size="compact-xs"
                  variant="subtle"
                  aria-label={texts.forgetFolder(folder)}
                  onClick={() => saving.run(folders.filter((one) => one !== folder))}
                >
                  {texts.forget}
                </Button>
              </li>
            ))}
          </ul>
        )}
      </div>
      {browsing && (
        <Suspense>
          <FolderBrowser
            title={texts.chooseProgramFolder}
            start={folders.at(-1) ?? null}
            onClose={() => setBrowsing(false)}
            onChoose={(folder) => {
              setBrowsing(false);
              add(folder);
            }}
          />
        </Suspense>
      )}
    </Section>
  );
}

function Found({ report }: { report: ToolsReport }) {
  return (
    <dl className="settings-grid">
      {report.engines.map((engine) => {
        const found = report.dumpPrograms.filter((program) => program.engine === engine.id);
        return (
          <div key={engine.id} className="contents">
            <dt>{engine.title}</dt>
            <dd className="column" style={{ gap: 2 }}>
              {found.map((program) => (
                <div key={program.path} className="column" style={{ gap: 4 }}>
                  <span>
                    <span className="mono">{program.path}</span> <span className="second">{program.version}</span>
                  </span>
                  {program.advice !== null && (
                    <p className="problem small" data-tone="attention">
                      {program.advice}
                    </p>
                  )}
                </div>
              ))}
              {engine.id === 'sqlite' && <span className="second">{texts.noneNeeded}</span>}
              {found.length === 0 && engine.id !== 'sqlite' && (
                <>
                  <Mark mark={{ glyph: '▲', word: texts.noneFound, tone: 'attention' }} />
                  <span className="small second">{texts.noneFoundHelp}</span>
                </>
              )}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
