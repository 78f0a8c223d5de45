/** The statement at which a run failed, in its script, with line and column. */
import { Skeleton } from '@mantine/core';
import { lazy, Suspense, useMemo } from 'react';
import type { EngineId } from '../../../shared/model/environment.ts';
import type { Run } from '../../../shared/model/run.ts';
import { OpenInEditor } from '../../components/OpenInEditor.tsx';
import { readings } from '../../readings.ts';
import { useResource } from '../../resources.ts';
import { formatRoute } from '../../router.ts';

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
    <section className="panel failed-statement" aria-label="Where it failed">
      <div className="panel-head">
        <h2>Where it failed</h2>
        <span className="mono small clip">
          {place.path}:{place.line}
          {place.column !== null && `:${place.column}`}
        </span>
        <span className="small dim nowrap">{place.source === 'run' ? 'as it was run' : 'as the file is now'}</span>
        {run.environmentId !== null && (
          <span className="row push">
            <a
              className="link small nowrap"
              href={formatRoute({ screen: 'migration', id: run.environmentId, version: place.version })}
            >
              The whole migration
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
          label={`${place.path} around line ${place.line}`}
        />
      </Suspense>
    </section>
  );
}

const none = [] as const;
