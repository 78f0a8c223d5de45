/** What is in a bundle: its migrations, and each file as text. */
import { NativeSelect } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import type { BundleReport } from '../../../shared/model/bundle.ts';
import type { EngineId } from '../../../shared/model/environment.ts';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { ReadingNotice } from '../../components/ReadingNotice.tsx';
import { formatBytes } from '../../format.ts';
import { readings } from '../../readings.ts';
import { useResource } from '../../resources.ts';
import { bundleTexts as texts } from './texts.ts';

const SqlView = lazy(() => import('../../components/SqlView.tsx'));

export function ContentsPanel({ report: { digest, manifest } }: { report: BundleReport }) {
  const [chosen, setChosen] = useState<string | null>(null);
  const path = chosen ?? manifest.files[0]?.path ?? '';
  return (
    <section className="panel" aria-label={texts.contents}>
      <div className="panel-head">
        <h2>{texts.contents}</h2>
      </div>
      <ul className="panel-body bundle-migrations" aria-label={texts.migrationsInIt}>
        {manifest.migrations
          .filter(({ included }) => included)
          .map(({ historyKey, version, name, reversible, program }) => (
            <li key={historyKey} className="row wraps">
              <span className="mono">{version}</span>
              <span className="wrap">{name}</span>
              <span className="chip plain">{reversible ? texts.wayBack : texts.noWayBack}</span>
              {program && (
                <span className="chip" title={texts.programMeans}>
                  {texts.program}
                </span>
              )}
            </li>
          ))}
      </ul>
      <div className="panel-body column">
        <NativeSelect
          label={texts.chooseAFile}
          value={path}
          onChange={(event) => setChosen(event.currentTarget.value)}
          data={manifest.files.map((file) => ({
            value: file.path,
            label: `${file.path} (${formatBytes(file.bytes)})`,
          }))}
        />
        <FileText
          key={path}
          digest={digest}
          path={path}
          engine={engineOf(path, manifest.requires.servers[0]?.product)}
        />
      </div>
    </section>
  );
}

/** Which SQL it is coloured as. */
function engineOf(path: string, product: string | undefined): EngineId | null {
  if (!/\.sql$/i.test(path)) return null;
  if (product === 'MySQL' || product === 'MariaDB') return 'mysql';
  return product === 'SQLite' ? 'sqlite' : 'postgres';
}

function FileText({ digest, path, engine }: { digest: string; path: string; engine: EngineId | null }) {
  const { data, problem } = useResource(readings.bundleFile(digest, path));
  if (problem !== null) return <ProblemNotice problem={problem} />;
  if (data === null) return <ReadingNotice>{texts.readingTheFile}</ReadingNotice>;
  if (data.text === null) return <p className="dim">{texts.cannotBeShown}</p>;
  return (
    <Suspense fallback={<ReadingNotice>{texts.readingTheFile}</ReadingNotice>}>
      <div className="bundle-text">
        <SqlView sql={data.text} engine={engine} hazards={[]} firstLine={1} label={texts.textOf(path)} />
      </div>
    </Suspense>
  );
}
