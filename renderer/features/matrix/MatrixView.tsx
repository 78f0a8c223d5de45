/** The version matrix: environments across, migrations down, live while runs go on. */

import { Button } from '@mantine/core';
import { useDeferredValue, useMemo, useState } from 'react';
import { create } from 'zustand';
import type { EnvironmentSummary } from '../../../shared/contract/views.ts';
import { matrixCsv, matrixDocument } from '../../../shared/model/matrixDocument.ts';
import { useCommand } from '../../commands/useCommand.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { announce } from '../../components/LiveRegion.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { ReadingNotice } from '../../components/ReadingNotice.tsx';
import { usePreferences } from '../../preferences.ts';
import { refreshShown } from '../../resources.ts';
import { saveText } from '../../saveText.ts';
import { navigate } from '../../useRoute.ts';
import { layOutColumns, layOutRows, membersOf, projectsKeeper } from './layout.ts';
import { MatrixBar } from './MatrixBar.tsx';
import { MatrixGrid } from './MatrixGrid.tsx';
import { MatrixTools } from './MatrixTools.tsx';
import { matrixTexts as texts } from './matrixTexts.ts';
import { changeOptions, useMatrixOptions } from './options.ts';
import { type Found, firstPlace, foundAt, type GridMap, gridMap, type Place, pinnedRows } from './place.ts';
import { environmentsAt, idsOf, selectedColumns, toggled } from './selection.ts';
import type { GridActions } from './useGridKeys.ts';
import { type MatrixData, useMatrixData } from './useMatrixData.ts';
import { goalAt, openTarget, routeOfGoal } from './ways.ts';
import './matrix.css';

export default function MatrixView({ environments }: { environments: readonly EnvironmentSummary[] }) {
  const ids = useMemo(() => environments.map(({ environment }) => environment.id), [environments]);
  const data = useMatrixData(ids);
  const [filter, setFilter] = useState('');
  const [foldedProjects, setFoldedProjects] = useState<ReadonlySet<string>>(new Set());
  const map = useMap(environments, data, useDeferredValue(filter), foldedProjects);
  useCommand('view.refresh', () => {
    refreshShown();
    data.readAgain();
  });
  const save = (format: 'csv' | 'json'): void => {
    const shown = membersOf(map.columns).map(({ summary }) => summary.environment);
    const document = matrixDocument(shown, data.lists, data.columns);
    if (format === 'csv') saveText('matrix.csv', matrixCsv(document), 'text/csv');
    else saveText('matrix.json', JSON.stringify(document, null, 1), 'application/json');
  };
  return (
    <>
      <MatrixTools
        filter={filter}
        onFilter={setFilter}
        progress={data.progress}
        onReadAgain={data.readAgain}
        onExport={save}
      />
      {data.problem !== null && <ProblemNotice problem={data.problem} />}
      {data.loaded ? (
        <Explorer
          map={map}
          onFoldProject={(key) => setFoldedProjects((folded) => toggled(folded, [key]))}
          onClearFilter={() => {
            setFilter('');
            changeOptions({ rows: 'all' });
          }}
        />
      ) : (
        <ReadingNotice>{texts.opening}</ReadingNotice>
      )}
    </>
  );
}

function useMap(
  environments: readonly EnvironmentSummary[],
  data: MatrixData,
  filter: string,
  foldedProjects: ReadonlySet<string>,
): GridMap {
  const { order, folded, rows: choice, newestFirst } = useMatrixOptions();
  const [keeper] = useState(projectsKeeper);
  const { columns, groups } = useMemo(
    () => layOutColumns({ environments, columns: data.columns, order, folded }),
    [environments, data.columns, order, folded],
  );
  const projects = useMemo(
    () =>
      keeper(
        data.lists,
        membersOf(columns).map(({ column }) => column),
      ),
    [keeper, data.lists, columns],
  );
  // Which rows there are depends on the cells only where they are chosen by them.
  const looked = choice === 'all' ? null : columns;
  const rows = useMemo(
    () => layOutRows({ projects, columns: looked ?? [], choice, filter, newestFirst, folded: foldedProjects }),
    [projects, looked, choice, filter, newestFirst, foldedProjects],
  );
  const withGroups = groups.some(({ group }) => group !== '');
  return useMemo(() => gridMap(pinnedRows(withGroups), rows, columns, groups), [withGroups, rows, columns, groups]);
}

/** Kept while other screens are looked at: who comes back is where they were. */
const useWhereabouts = create<{ readonly place: Place; readonly chosen: ReadonlySet<string> }>(() => ({
  place: firstPlace,
  chosen: new Set(),
}));

interface ExplorerProps {
  readonly map: GridMap;
  readonly onFoldProject: (key: string) => void;
  readonly onClearFilter: () => void;
}

/** The grid with where one is in it, and what is selected. */
function Explorer({ map, onFoldProject, onClearFilter }: ExplorerProps) {
  const { words } = useMatrixOptions();
  const compact = usePreferences(({ density }) => density === 'compact');
  const { place, chosen } = useWhereabouts();
  const found = foundAt(map, place);
  const ids = useMemo(() => idsOf(map.columns), [map]);
  // What is filtered away is not meant any more.
  const selected = useMemo(() => ids.filter((id) => chosen.has(id)), [ids, chosen]);
  const goal = goalAt(found, selected);
  const plan = (): void => {
    if (goal !== null) navigate(routeOfGoal(goal));
  };
  const choose = (next: ReadonlySet<string>): void => {
    useWhereabouts.setState({ chosen: next });
    announce(next.size === 0 ? texts.noneSelected : texts.selected(next.size));
  };
  const open = (there: Found): void => {
    const target = openTarget(there);
    if (target !== null) navigate(target.route);
  };
  useCommand('matrix.plan', plan, { enabled: goal !== null });
  const actions: GridActions = {
    go: (to) => useWhereabouts.setState({ place: to }),
    fold: (at) => fold(foundAt(map, at), onFoldProject),
    open: (at) => open(foundAt(map, at)),
    select(at) {
      const meant = environmentsAt(foundAt(map, at), map.columns);
      if (meant.length > 0) choose(toggled(new Set(selected), meant));
    },
    selectAll: () => choose(toggled(new Set(selected), ids)),
  };
  return (
    <>
      <MatrixGrid
        map={map}
        place={place}
        words={words}
        compact={compact}
        selected={useMemo(() => selectedColumns(map.columns, new Set(selected)), [map, selected])}
        actions={actions}
      />
      {map.rows.length === 0 && (
        <EmptyState
          title={texts.noMigrations}
          actions={
            <Button variant="default" onClick={onClearFilter}>
              {texts.clear}
            </Button>
          }
        >
          {texts.noMigrationsWhy}
        </EmptyState>
      )}
      <MatrixBar
        found={found}
        selected={selected.length}
        goal={goal}
        onOpen={() => open(found)}
        onPlan={plan}
        onClear={() => choose(new Set())}
      />
    </>
  );
}

/** False: nothing there folds. */
function fold({ pinned, row, column, group }: Found, onFoldProject: (key: string) => void): boolean {
  if (row?.kind === 'project') {
    onFoldProject(row.key);
    return true;
  }
  const isGroup = (pinned === 'groups' && group !== null) || (pinned === 'environments' && column?.kind === 'group');
  if (!isGroup || group === null) return false;
  const { folded } = useMatrixOptions.getState();
  changeOptions({ folded: [...toggled(new Set(folded), [group.group])] });
  return true;
}
