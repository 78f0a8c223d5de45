/** Under the grid: what the cell with the focus says in words, and what can be done from it. */
import { Button } from '@mantine/core';
import { EnvironmentName } from '../../components/EnvironmentName.tsx';
import { Mark } from '../../components/Mark.tsx';
import { type CellFacts, factCell, migrationCell, nameOfMigration, staleWords } from './cells.ts';
import type { LayoutColumn } from './layout.ts';
import { matrixTexts as texts } from './matrixTexts.ts';
import type { Found } from './place.ts';
import { type Goal, openTarget, planLabel } from './ways.ts';

interface MatrixBarProps {
  readonly found: Found;
  readonly selected: number;
  readonly goal: Goal | null;
  readonly onOpen: () => void;
  readonly onPlan: () => void;
  readonly onClear: () => void;
}

export function MatrixBar({ found, selected, goal, onOpen, onPlan, onClear }: MatrixBarProps) {
  const target = openTarget(found);
  return (
    <section className="matrix-bar panel" aria-label={texts.cell}>
      <CellWords found={found} />
      <div className="row push">
        {selected > 0 && (
          <>
            <span className="second nowrap">{texts.selected(selected)}</span>
            <Button variant="subtle" size="xs" onClick={onClear}>
              {texts.clearSelection}
            </Button>
          </>
        )}
        {target !== null && (
          <Button variant="default" size="xs" onClick={onOpen}>
            {texts.open[target.what]}
          </Button>
        )}
        {goal !== null && (
          <Button size="xs" variant={selected > 0 ? 'filled' : 'default'} onClick={onPlan}>
            {planLabel(goal)}
          </Button>
        )}
      </div>
    </section>
  );
}

function CellWords({ found }: { found: Found }) {
  const { column, row, pinned } = found;
  const facts = factsAt(found);
  return (
    <div className="matrix-words">
      <div className="row">
        {column?.kind === 'environment' && <EnvironmentName environment={column.summary.environment} />}
        {column?.kind === 'group' && (
          <span className="strong">{column.group === '' ? texts.noGroup : column.group}</span>
        )}
        {row?.kind === 'migration' && <span className="mono clip">{nameOfMigration(row)}</span>}
        {pinned !== null && pinned !== 'groups' && pinned !== 'environments' && <span>{texts.facts[pinned]}</span>}
        {facts !== null && <Mark mark={{ ...facts, word: facts.title }} />}
      </div>
      <p className="small second clip">{meaningOf(column, facts)}</p>
    </div>
  );
}

function meaningOf(column: LayoutColumn | null, facts: CellFacts | null): string {
  const meaning = facts?.meaning ?? texts.chooseCell;
  if (column?.kind !== 'environment') return meaning;
  const stale = staleWords(column.column, column.summary.environment.source !== null);
  const problem = column.column.problem?.message ?? '';
  return stale === null ? meaning : `${stale}. ${problem} ${facts === null ? '' : meaning}`;
}

function factsAt({ pinned, row, column }: Found): CellFacts | null {
  if (column === null) return null;
  if (row?.kind === 'migration') return migrationCell(row.project, row.row, column);
  return pinned === null || pinned === 'groups' || pinned === 'environments' ? null : factCell(pinned, column);
}
