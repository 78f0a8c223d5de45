/** What changes of the schema: before at the left, after at the right. */
import { Skeleton } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { describeChange, describeObject } from '../../../shared/model/describeSchema.ts';
import type { SchemaChange, SchemaObject } from '../../../shared/model/snapshot.ts';
import { rehearsalTexts as texts } from './texts.ts';

const DifferenceView = lazy(() => import('../../components/DifferenceView.tsx'));

interface SchemaSidesProps {
  readonly changes: readonly SchemaChange[];
  readonly empty: string;
}

export function SchemaSides({ changes, empty }: SchemaSidesProps) {
  if (changes.length === 0) return <p className="dim">{empty}</p>;
  return (
    <div className="column">
      <ul className="bullets small second">
        {changes.map((change) => (
          <li key={describeChange(change)} className="wrap">
            {describeChange(change)}
          </li>
        ))}
      </ul>
      <div className="schema-sides-head small strong" aria-hidden="true">
        <span>{texts.before}</span>
        <span>{texts.after}</span>
      </div>
      <Suspense fallback={<Skeleton height={120} />}>
        <DifferenceView
          applied={changes.map((change) => (change.change === 'added' ? '' : textOf(change.before))).join('')}
          current={changes.map((change) => (change.change === 'removed' ? '' : textOf(change.after))).join('')}
          // Colours of SQL on those of differences would be hard to read.
          engine={null}
          labels={[texts.schemaBefore, texts.schemaAfter]}
        />
      </Suspense>
    </div>
  );
}

/** Under its name, since the statement of a column does not say whose it is. */
const textOf = (object: SchemaObject): string =>
  `-- ${object.kind} ${object.name}\n${object.create ?? describeObject(object)}\n`;
