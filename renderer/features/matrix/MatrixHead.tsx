/** What stays on top of the matrix: groups, environments, and what holds for a whole environment. */
import { memo } from 'react';
import { shortTierWords, tierWords } from '../../texts.ts';
import { isStale, nameOfColumn, staleWords } from './cells.ts';
import { cellRole, layoutOnly, rowRole, rowsRole } from './gridRoles.ts';
import { blockSize } from './gridWindow.ts';
import type { LayoutColumn, LayoutGroup } from './layout.ts';
import { Cells, type RowFrame } from './MatrixRow.tsx';
import { matrixTexts as texts } from './matrixTexts.ts';
import type { PinnedRow } from './place.ts';
import type { Position } from './walk.ts';

interface MatrixHeadProps extends RowFrame {
  readonly pinned: readonly PinnedRow[];
  readonly groups: readonly LayoutGroup[];
  readonly active: Position;
}

export function MatrixHead({ pinned, groups, active, ...frame }: MatrixHeadProps) {
  return (
    <div className="matrix-top" {...rowsRole} style={{ height: frame.sizes.top }}>
      {pinned.map((row, index) => {
        const activeColumn = active.row === index ? active.column : -1;
        if (row === 'groups')
          return <GroupHeads key={row} groups={groups} rowIndex={index} activeColumn={activeColumn} {...frame} />;
        if (row === 'environments')
          return <EnvironmentHeads key={row} rowIndex={index} activeColumn={activeColumn} {...frame} />;
        return (
          <div key={row} className="matrix-fact" {...rowRole(index)}>
            <div
              {...cellRole({
                role: 'rowheader',
                row: index,
                column: 0,
                active: activeColumn === 0,
                className: 'matrix-row-head',
              })}
              title={texts.factMeanings[row]}
            >
              <span className="strong">{texts.facts[row]}</span>
            </div>
            <Cells rowIndex={index} activeColumn={activeColumn} about={row} {...frame} />
          </div>
        );
      })}
    </div>
  );
}

interface HeadRowProps extends RowFrame {
  readonly rowIndex: number;
  readonly activeColumn: number;
}

function GroupHeads({ groups, rowIndex, activeColumn, sizes, shown }: HeadRowProps & Pick<MatrixHeadProps, 'groups'>) {
  const first = (shown[0] ?? 0) * blockSize;
  const last = ((shown.at(-1) ?? 0) + 1) * blockSize;
  return (
    <div className="matrix-groups" {...rowRole(rowIndex)}>
      <div
        {...cellRole({
          role: 'columnheader',
          row: rowIndex,
          column: 0,
          active: activeColumn === 0,
          className: 'matrix-row-head',
        })}
      >
        <span className="dim">{texts.groups}</span>
      </div>
      {groups
        .filter(({ from, span }) => from < last && from + span > first)
        .map(({ group, count, folded, from, span }) => {
          const name = group === '' ? texts.noGroup : group;
          return (
            <div
              key={group}
              {...cellRole({
                role: 'columnheader',
                row: rowIndex,
                column: from + 1,
                active: activeColumn > from && activeColumn <= from + span,
                className: 'matrix-group',
                label: texts.openGroup(name, count),
                expanded: !folded,
                span,
              })}
              title={name}
              style={{ left: sizes.head + from * sizes.cell, width: span * sizes.cell }}
            >
              <span className="matrix-group-name" style={{ left: sizes.head }}>
                <span aria-hidden="true" className="fold">
                  {folded ? '▸' : '▾'}
                </span>
                <span className="clip">{name}</span>
                <span className="dim number">{count}</span>
              </span>
            </div>
          );
        })}
    </div>
  );
}

function EnvironmentHeads({ rowIndex, activeColumn, blocks, shown, sizes, selected }: HeadRowProps) {
  return (
    <div className="matrix-environments" {...rowRole(rowIndex)} style={{ height: sizes.environments }}>
      <div
        {...cellRole({
          role: 'columnheader',
          row: rowIndex,
          column: 0,
          active: activeColumn === 0,
          className: 'matrix-row-head',
        })}
      >
        <span className="dim">{texts.migrations}</span>
      </div>
      {shown.map((index) => {
        const columns = blocks[index];
        const from = index * blockSize;
        return columns === undefined ? null : (
          <div key={index} className="matrix-block" {...layoutOnly} style={{ left: sizes.head + from * sizes.cell }}>
            {columns.map((column, offset) => (
              <ColumnHead
                key={column.key}
                column={column}
                index={from + offset + 1}
                rowIndex={rowIndex}
                active={activeColumn === from + offset + 1}
                selected={selected.has(column.key)}
              />
            ))}
          </div>
        );
      })}
    </div>
  );
}

interface ColumnHeadProps {
  readonly column: LayoutColumn;
  readonly index: number;
  readonly rowIndex: number;
  readonly active: boolean;
  readonly selected: boolean;
}

const ColumnHead = memo(function ColumnHead({ column, index, rowIndex, active, selected }: ColumnHeadProps) {
  const role = (label?: string) =>
    cellRole({
      role: 'columnheader',
      row: rowIndex,
      column: index,
      active,
      className: isStale(column) ? 'matrix-column stale' : 'matrix-column',
      selected,
      ...(label === undefined ? {} : { label }),
    });
  if (column.kind === 'group')
    return (
      <div {...role(texts.foldedGroup(nameOfColumn(column)))}>
        <span className="name second">{texts.allOf(column.members.length)}</span>
      </div>
    );
  const { environment } = column.summary;
  const stale = staleWords(column.column, environment.source !== null);
  return (
    <div
      {...role()}
      data-colour={environment.colour}
      title={`${environment.name} · ${tierWords[environment.tier]}${column.column.problem === null ? '' : `\n${column.column.problem.message}`}`}
    >
      <span className="matrix-edge" aria-hidden="true" />
      <span className="name">
        {selected && <span aria-hidden="true">☑ </span>}
        {environment.name}
      </span>
      <span className="tier" data-tier={environment.tier}>
        {shortTierWords[environment.tier]}
      </span>
      {stale !== null && <span className="stale-word">{stale}</span>}
    </div>
  );
});
