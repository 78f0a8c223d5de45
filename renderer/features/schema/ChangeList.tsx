/** Differences between two schemas: one line for each, and the texts side by side where they are longer than a line. */
import { lazy, Suspense, useState } from 'react';
import { describeChange } from '../../../shared/model/describeSchema.ts';
import type { EngineId } from '../../../shared/model/environment.ts';
import type { SchemaChange } from '../../../shared/model/snapshot.ts';
import { Mark } from '../../components/Mark.tsx';
import type { Mark as MarkValue } from '../../texts.ts';
import { schemaTexts as texts } from './texts.ts';

const DifferenceView = lazy(() => import('../../components/DifferenceView.tsx'));

const marks: Readonly<Record<SchemaChange['change'], MarkValue>> = {
  added: { glyph: '+', word: texts.added, tone: 'ok' },
  removed: { glyph: '−', word: texts.removed, tone: 'danger' },
  changed: { glyph: '▲', word: texts.changed, tone: 'attention' },
};

interface ChangeListProps {
  readonly changes: readonly SchemaChange[];
  readonly engine: EngineId;
  /** What stands at the left and at the right. */
  readonly sides: readonly [before: string, after: string];
}

export function ChangeList({ changes, engine, sides }: ChangeListProps) {
  return (
    <ul className="panel change-list" aria-label={texts.differences}>
      {changes.map((change) => (
        <Change key={describeChange(change)} change={change} engine={engine} sides={sides} />
      ))}
    </ul>
  );
}

function Change({ change, engine, sides }: { change: SchemaChange } & Omit<ChangeListProps, 'changes'>) {
  const [open, setOpen] = useState(false);
  const definitions = textsOf(change);
  return (
    <li className="column" style={{ gap: 4 }}>
      <div className="row wraps">
        <Mark mark={marks[change.change]} />
        <span className="mono">{describeChange(change)}</span>
        {definitions !== null && (
          <button type="button" className="link plain-button push" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? texts.hideTheDefinition : texts.showTheDefinition}
          </button>
        )}
      </div>
      {open && definitions !== null && (
        <Suspense>
          <DifferenceView
            applied={definitions[0]}
            current={definitions[1]}
            engine={engine}
            labels={[`${nameOf(change)}, ${sides[0]}`, `${nameOf(change)}, ${sides[1]}`]}
          />
        </Suspense>
      )}
    </li>
  );
}

const nameOf = (change: SchemaChange): string => (change.change === 'removed' ? change.before.name : change.after.name);

/** Null: the line above says it all. */
function textsOf(change: SchemaChange): readonly [string, string] | null {
  const before = change.change === 'added' ? '' : (change.before.create ?? change.before.facts['definition'] ?? '');
  const after = change.change === 'removed' ? '' : (change.after.create ?? change.after.facts['definition'] ?? '');
  return before === after || `${before}${after}`.length < 60 ? null : [before, after];
}
