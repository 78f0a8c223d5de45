/** Rows of the matrix, their columns in blocks: what did not change is not drawn again. */
import { memo } from 'react';
import { type CellFacts, factCell, isStale, migrationCell, nameOfColumn, nameOfMigration } from './cells.ts';
import { cellRole, layoutOnly, rowRole } from './gridRoles.ts';
import { blockSize, type GridSizes } from './gridWindow.ts';
import type { LayoutColumn, LayoutRow, SummaryFact } from './layout.ts';
import { matrixTexts as texts } from './matrixTexts.ts';

export interface RowFrame {
  /** All columns, in blocks. */
  readonly blocks: readonly (readonly LayoutColumn[])[];
  /** Blocks that are drawn. */
  readonly shown: readonly number[];
  readonly sizes: GridSizes;
  readonly words: boolean;
  /** Keys of selected columns. */
  readonly selected: ReadonlySet<string>;
}

interface CellsProps extends RowFrame {
  readonly rowIndex: number;
  /** Column with the focus, with the rows' heads as column 0; -1: none of this row. */
  readonly activeColumn: number;
  readonly about: LayoutRow | SummaryFact;
}

export function Cells({ blocks, shown, sizes, activeColumn, ...rest }: CellsProps) {
  return shown.map((index) => {
    const columns = blocks[index];
    const from = index * blockSize;
    const holdsActive = activeColumn > from && activeColumn <= from + blockSize;
    return columns === undefined ? null : (
      <Block
        key={index}
        columns={columns}
        from={from}
        left={sizes.head + from * sizes.cell}
        activeColumn={holdsActive ? activeColumn : -1}
        {...rest}
      />
    );
  });
}

interface BlockProps extends Omit<CellsProps, 'blocks' | 'shown' | 'sizes'> {
  readonly columns: readonly LayoutColumn[];
  readonly from: number;
  readonly left: number;
}

const Block = memo(function Block({ columns, from, left, rowIndex, activeColumn, about, words, selected }: BlockProps) {
  return (
    <div className="matrix-block" {...layoutOnly} style={{ left }}>
      {columns.map((column, offset) => {
        const index = from + offset + 1;
        const facts = cellOf(about, column);
        return (
          <div
            key={column.key}
            {...cellRole({
              role: 'gridcell',
              row: rowIndex,
              column: index,
              active: index === activeColumn,
              className: 'matrix-cell',
              label: nameOfCell(facts, about, column),
              selected: selected.has(column.key),
            })}
            data-tone={facts.tone}
            data-glyph={facts.glyph}
          >
            {words ? facts.word : facts.brief}
          </div>
        );
      })}
    </div>
  );
});

function cellOf(about: LayoutRow | SummaryFact, column: LayoutColumn): CellFacts {
  if (typeof about === 'string') return factCell(about, column);
  return about.kind === 'migration'
    ? migrationCell(about.project, about.row, column)
    : { glyph: '', word: '', title: '', tone: 'quiet', meaning: '' };
}

/** `Pending: acme-prod, 1.8.0 labels`. */
function nameOfCell(facts: CellFacts, about: LayoutRow | SummaryFact, column: LayoutColumn): string {
  const what =
    typeof about === 'string' ? texts.facts[about] : about.kind === 'migration' ? nameOfMigration(about) : '';
  const word = isStale(column) ? `${facts.title} (${texts.lastKnownWord})` : facts.title;
  return `${word}: ${nameOfColumn(column)}, ${what}`;
}

interface MatrixRowProps extends RowFrame {
  readonly row: LayoutRow;
  /** In the whole grid. */
  readonly rowIndex: number;
  readonly top: number;
  readonly activeColumn: number;
}

export const MatrixRow = memo(function MatrixRow({ row, rowIndex, top, activeColumn, ...frame }: MatrixRowProps) {
  return (
    <div
      className={row.kind === 'project' ? 'matrix-row project' : 'matrix-row'}
      {...rowRole(rowIndex)}
      style={{ top }}
    >
      {row.kind === 'project' ? (
        <ProjectHead row={row} rowIndex={rowIndex} activeColumn={activeColumn} />
      ) : (
        <>
          <MigrationHead row={row} rowIndex={rowIndex} activeColumn={activeColumn} />
          <Cells rowIndex={rowIndex} activeColumn={activeColumn} about={row} {...frame} />
        </>
      )}
    </div>
  );
});

interface HeadProps<Kind extends LayoutRow['kind']> {
  readonly row: LayoutRow & { kind: Kind };
  readonly rowIndex: number;
  readonly activeColumn: number;
}

function MigrationHead({ row, rowIndex, activeColumn }: HeadProps<'migration'>) {
  const migration = row.project.rows[row.row];
  return (
    <div
      {...cellRole({
        role: 'rowheader',
        row: rowIndex,
        column: 0,
        active: activeColumn === 0,
        className: 'matrix-row-head',
      })}
      title={nameOfMigration(row)}
    >
      <span className="mono">{migration?.version}</span>
      <span className="clip second">{migration?.name}</span>
    </div>
  );
}

function ProjectHead({ row, rowIndex, activeColumn }: HeadProps<'project'>) {
  const { project, folded } = row;
  const [first = ''] = project.sources;
  return (
    <div
      {...cellRole({
        role: 'rowheader',
        row: rowIndex,
        column: 0,
        // It is one cell, whichever column the focus came from.
        active: activeColumn >= 0,
        className: 'matrix-row-head',
        expanded: !folded,
      })}
      title={project.sources.join('\n')}
    >
      <span aria-hidden="true" className="fold">
        {folded ? '▸' : '▾'}
      </span>
      <span className="strong">{project.tool}</span>
      <span className="clip second">
        {project.sources.length === 1 ? first : texts.folders(project.sources.length)} ·{' '}
        {texts.migrationCount(project.rows.length)}
      </span>
    </div>
  );
}
