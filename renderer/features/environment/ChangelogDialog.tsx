/** What came with each version of the application, newest first, and which of them this database belongs to. */
import { Modal, Skeleton } from '@mantine/core';
import type { EnvironmentSummary } from '../../../shared/contract/views.ts';
import type { Changelog } from '../../../shared/model/status.ts';
import { EnvironmentName } from '../../components/EnvironmentName.tsx';
import { Mark } from '../../components/Mark.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { useReturnFocus } from '../../components/useReturnFocus.ts';
import { readings } from '../../readings.ts';
import { useResource } from '../../resources.ts';
import { environmentTexts as texts } from './texts.ts';

export default function ChangelogDialog({ summary, onClose }: { summary: EnvironmentSummary; onClose: () => void }) {
  useReturnFocus();
  const { data, problem } = useResource(readings.changelog(summary.environment.id));
  return (
    <Modal opened onClose={onClose} size="lg" title={<EnvironmentName environment={summary.environment} />}>
      <div className="column wide">
        <h2>{texts.versionsOfTheApplication}</h2>
        {problem !== null && <ProblemNotice problem={problem} />}
        {data === null && problem === null && <Skeleton height={120} />}
        {data !== null && <Versions changelog={data} />}
      </div>
    </Modal>
  );
}

function Versions({ changelog: { applications } }: { changelog: Changelog }) {
  if (applications.length === 0) return <p className="second">{texts.theFoldersManifestTellsOf}</p>;
  return (
    <ol className="column wide">
      {applications.toReversed().map(({ version, database, date, changes, reached }) => (
        <li key={version} className="column" style={{ gap: 4 }}>
          <div className="row wraps">
            <h3>{version}</h3>
            {date !== null && <span className="dim">{date}</span>}
            <span className="second small">
              database <span className="mono">{database}</span>
            </span>
            <span className="push">
              <Mark
                mark={
                  reached
                    ? { glyph: '✓', word: texts.thisDatabaseSuitsIt, tone: 'ok' }
                    : { glyph: '○', word: texts.notReachedYet, tone: 'quiet' }
                }
              />
            </span>
          </div>
          {changes.length > 0 && (
            <ul className="bullets second">
              {changes.map((change) => (
                <li key={change}>{change}</li>
              ))}
            </ul>
          )}
        </li>
      ))}
    </ol>
  );
}
