/** Where the results of a run lie that has changed nothing. */
import { Button } from '@mantine/core';
import type { Run } from '../../../shared/model/run.ts';
import { formatRoute, type Route } from '../../router.ts';
import { runTexts as texts } from './texts.ts';

export function ReadingActions({ run, environmentId }: { run: Run; environmentId: string }) {
  return placesOf(run, environmentId).map(({ words, route, first }) => (
    <Button key={words} component="a" variant={first ? 'filled' : 'default'} size="xs" href={formatRoute(route)}>
      {words}
    </Button>
  ));
}

function placesOf(
  { action, rehearsal }: Run,
  id: string,
): readonly { readonly words: string; readonly route: Route; readonly first: boolean }[] {
  if (action === 'rehearse') {
    const direction = rehearsal?.direction ?? 'up';
    return [
      ...(rehearsal === undefined
        ? []
        : [{ words: texts.whatWasSeen, route: { screen: 'rehearsal', id: rehearsal.id } as const, first: true }]),
      { words: texts.backToThePlan, route: { screen: 'migrate', id, target: { direction } }, first: false },
    ];
  }
  if (action !== 'backup' && action !== 'check' && action !== 'prove') return [];
  return [
    { words: texts.showTheBackups, route: { screen: 'environment', id, tab: 'backups', run: null }, first: false },
  ];
}
