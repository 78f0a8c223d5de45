/** The statement at which a run failed, in its script, with line and column. */
import { Skeleton } from '@mantine/core';
import { lazy, Suspense, useMemo } from 'react';
import type { EngineId } from '../../../shared/model/environment.ts';
import type { Run } from '../../../shared/model/run.ts';
import { OpenInEditor } from '../../components/OpenInEditor.tsx';
import { readings } from '../../readings.ts';
import { useResource } from '../../resources.ts';
import { formatRoute } from '../../router.ts';
import { runTexts as texts } from './texts.ts';

const SqlView = lazy(() => import('../../components/SqlView.tsx'));

interface FailedStatementProps {
  readonly run: Run;
  /** Null: of an ad hoc run, whose environment is not known. */
  readonly engine: EngineId | null;
}

export function FailedStatement({ run, engine }: FailedStatementProps) {
  const hasPlace = run.outcome !== null && run.steps.some(({ problem }) => problem?.line !== undefined);
  const { data } = useResource(hasPlace ? readings.failedPlace(run.id) : null);
  const place = data?.place ?? null;
  const failure = useMemo(
    () => (place === null ? null : { line: place.line, column: place.column, message: place.message }),
    [place],
  );
  if (place === null) return null;
  return (
    <section className="panel failed-statement" aria-label={texts.whereItFailed}>
      <div className="panel-head">
        <h2>{texts.whereItFailed}</h2>
        <span className="mono small clip">
          {place.path}:{place.line}
          {place.column !== null && `:${place.column}`}
        </span>
        <span className="small dim nowrap">{place.source === 'run' ? texts.asItWasRun : texts.asTheFileIsNow}</span>
        {run.environmentId !== null && (
          <span className="row push">
            <a
              className="link small nowrap"
              href={formatRoute({ screen: 'migration', id: run.environmentId, version: place.version })}
            >
              {texts.theWholeMigration}
            </a>
            <OpenInEditor environmentId={run.environmentId} path={place.path} line={place.line} />
          </span>
        )}
      </div>
      <Suspense fallback={<Skeleton height={200} />}>
        <SqlView
          sql={place.text}
          engine={engine}
          hazards={none}
          firstLine={place.from}
          failure={failure}
          label={texts.aroundLine(place.path, place.line)}
        />
      </Suspense>
    </section>
  );
}

const none = [] as const;
