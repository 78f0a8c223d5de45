/** The keyboard in the grid: arrows, Home, End and Page move, Enter opens or folds, Space selects. */
import type { KeyboardEvent, RefObject } from 'react';
import type { GridSizes } from './gridWindow.ts';
import type { GridMap, Place } from './place.ts';
import { step } from './walk.ts';

export interface GridActions {
  readonly go: (place: Place) => void;
  /** Folds or unfolds what is at a place; false: nothing there does. */
  readonly fold: (place: Place) => boolean;
  readonly open: (place: Place) => void;
  /** Selects or deselects the columns at a place. */
  readonly select: (place: Place) => void;
  readonly selectAll: () => void;
}

export function useGridKeys(
  box: RefObject<HTMLElement | null>,
  sizes: GridSizes,
  map: GridMap,
  place: Place,
  actions: GridActions,
): (event: KeyboardEvent) => void {
  return (event) => {
    if (event.altKey || event.metaKey) return;
    if (event.key === 'Enter') {
      if (!actions.fold(place)) actions.open(place);
    } else if (event.key === ' ') actions.select(place);
    else if (event.key === 'a' && event.ctrlKey) actions.selectAll();
    else {
      const height = (box.current?.clientHeight ?? 0) - sizes.top;
      const bounds = {
        rows: map.pinned.length + map.rows.length,
        columns: map.columns.length + 1,
        page: Math.max(1, Math.floor(height / sizes.row) - 1),
        groupStarts: map.pinned[0] === 'groups' ? [0, ...map.groups.map(({ from }) => from + 1)] : null,
      };
      const to = step(event, map.positionOf(place), bounds);
      if (to === null) return;
      actions.go(map.placeAt(to));
    }
    event.preventDefault();
  };
}
