import { SegmentedControl, Skeleton, Switch } from '@mantine/core';
import { lazy, Suspense, useEffect, useState } from 'react';
import type { EngineId } from '../../../shared/model/environment.ts';
import { shownCharacters } from '../../../shared/model/scriptLines.ts';
import type { MigrationDetail } from '../../../shared/model/status.ts';
import { CopyIcon } from '../../components/CopyText.tsx';
import { focusable } from '../../components/focusable.ts';
import { OpenInEditor } from '../../components/OpenInEditor.tsx';
import { ChecksumExplainer } from '../repair/ChecksumExplainer.tsx';
import { migrationTexts as words } from './texts.ts';

const ScriptView = lazy(() => import('../../components/ScriptView.tsx'));

type ScriptName = 'up' | 'down' | 'verify' | 'code' | 'compare';
const titles: Readonly<Record<ScriptName, string>> = {
  up: words.up,
  down: words.down,
  verify: words.verify,
  code: words.code,
  compare: words.compare,
};

/** The migration's scripts: as SQL, and a program's also as the code that yields it. */
export function Scripts({
  detail,
  engine,
  environmentId,
  at,
}: {
  detail: MigrationDetail;
  engine: EngineId;
  environmentId: string;
  /** A line of the up script to bring into view. */
  at: { readonly line: number } | null;
}) {
  const texts: Readonly<Record<Exclude<ScriptName, 'compare'>, string | null>> = {
    up: detail.upSql,
    down: detail.downSql,
    verify: detail.verifySql,
    code: detail.source,
  };
  const names: readonly ScriptName[] = [
    'up',
    'down',
    'verify',
    ...(detail.source === null ? [] : (['code'] as const)),
    ...(detail.difference === null ? [] : (['compare'] as const)),
  ];
  const [chosen, setShown] = useState<ScriptName | null>(null);
  const shown = names.find((name) => name === chosen) ?? (texts.up === null && texts.code !== null ? 'code' : 'up');
  const [withValues, setWithValues] = useState(false);
  useEffect(() => {
    if (at !== null) setShown('up');
  }, [at]);
  const sent = shown === 'compare' || shown === 'code' ? null : detail.sentSql[shown];
  const text = shown === 'compare' ? null : withValues && sent !== null ? sent : texts[shown];
  /** Whose lines the file has as they are shown. */
  const part =
    shown === 'compare' || shown === 'code' || detail.source !== null || text !== texts[shown] ? null : shown;
  return (
    <section className="panel sql-panel" aria-label={words.script}>
      <div className="panel-head">
        <SegmentedControl
          size="xs"
          aria-label={words.script}
          value={shown}
          onChange={(value) => setShown(names.find((name) => name === value) ?? 'up')}
          data={names.map((name) => ({
            value: name,
            label: titles[name],
            disabled: name !== 'compare' && texts[name] === null,
          }))}
        />
        <span className="mono clip dim small fill">{detail.path ?? ''}</span>
        {sent !== null && (
          <Switch
            size="xs"
            label={words.withItsValues}
            checked={withValues}
            onChange={(event) => setWithValues(event.currentTarget.checked)}
          />
        )}
        {detail.shortened && part === null && (
          <span className="chip" data-tone="attention">
            {words.shownShortened}
          </span>
        )}
        {detail.path !== null && (
          <OpenInEditor
            environmentId={environmentId}
            path={detail.path}
            line={shown === 'code' || shown === 'compare' ? null : detail.firstLines[shown]}
          />
        )}
        {text !== null && (part === null || text.length < shownCharacters) && (
          <CopyIcon value={text} label={shown === 'code' ? words.copyTheCode : words.copyTheSql} />
        )}
      </div>
      {shown === 'compare' ? (
        detail.difference !== null && (
          <section className="panel-body compare-body" aria-label={words.compare} {...focusable}>
            <ChecksumExplainer difference={detail.difference} engine={engine} />
          </section>
        )
      ) : text === null ? (
        <p className="dim panel-body">{whyNothing(detail)}</p>
      ) : (
        <Suspense fallback={<Skeleton height={240} />}>
          <ScriptView
            key={shown}
            environmentId={environmentId}
            version={detail.version}
            part={part}
            at={shown === 'up' ? at : null}
            failure={shown === 'up' && text === texts.up ? detail.failure : null}
            text={text}
            engine={shown === 'code' ? null : engine}
            hazards={shown === 'up' ? detail.hazards : []}
            firstLine={shown === 'code' ? 1 : detail.firstLines[shown]}
            label={
              shown === 'code' ? words.sourceCodeOf(detail.version) : words.scriptOf(titles[shown], detail.version)
            }
          />
        </Suspense>
      )}
    </section>
  );
}

function whyNothing({ path, trust, program }: MigrationDetail): string {
  if (path === null) return words.itsFileIsNotIn;
  if (trust !== null) return words.trustIsNeededToShow;
  return program === null ? words.thereIsNoSuchScript : words.whatItSendsIsKnown;
}
