/** Ctrl/Cmd+K: every command that can be given now, and every environment. */
import { createSpotlight, Spotlight } from '@mantine/spotlight';
import { useEffect, useMemo, useState } from 'react';
import { commands } from '../../shared/commands.ts';
import type { EnvironmentSummary } from '../../shared/contract/views.ts';
import { TierWord } from '../components/EnvironmentName.tsx';
import { matches } from '../components/FilterInput.tsx';
import { formatNumber } from '../format.ts';
import { readings } from '../readings.ts';
import { useResource } from '../resources.ts';
import { navigate } from '../useRoute.ts';
import { Keys } from './Keys.tsx';
import { give, useOffers } from './registry.ts';
import { commandTexts as texts } from './texts.ts';
import { useCommand } from './useCommand.ts';
import './commands.css';

const [store, palette] = createSpotlight();
const shownEnvironments = 40;
/** A list that scrolls must take the keyboard's focus. */
const listBox = { viewportProps: { tabIndex: 0 } };

export function Palette() {
  const [query, setQuery] = useState('');
  useCommand('palette.open', palette.open);
  const environments = useResource(readings.environments()).data;
  const found = useMemo(() => findEnvironments(environments ?? [], query), [environments, query]);
  const offers = useOffers((state) => state.offers);
  const given = commands.filter((command) => command.id !== 'palette.open' && (offers[command.id]?.length ?? 0) > 0);
  const shown = given
    .map((command) => ({ ...command, title: command.title, ...offers[command.id]?.at(-1) }))
    .filter((command) => matches(query, [command.title, command.environment?.name]));
  const rows = [...found.map(({ environment }) => environment.id), ...shown.map(({ id }) => id)].join(' ');
  // The mark of the chosen row is an attribute of its element: rows that come after typing would have none, and Enter no effect.
  useEffect(() => {
    if (query !== '' && rows !== '') keepOneSelected();
  }, [query, rows]);
  return (
    <Spotlight.Root
      store={store}
      title={texts.palette}
      query={query}
      onQueryChange={setQuery}
      shortcut={null}
      scrollable
      maxHeight={480}
      size={620}
      overlayProps={{ blur: 0, backgroundOpacity: 0.4 }}
      classNames={{ header: 'hidden-text', action: 'palette-action', actionsGroup: 'palette-group' }}
    >
      <Spotlight.Search placeholder={texts.find} aria-label={texts.find} />
      <Spotlight.ActionsList {...listBox}>
        {found.length > 0 && (
          <Spotlight.ActionsGroup label={texts.environments}>
            {found.flatMap((summary) => environmentActions(summary, query))}
          </Spotlight.ActionsGroup>
        )}
        {shown.length > 0 && (
          <Spotlight.ActionsGroup label={texts.commands}>
            {shown.map((command) => (
              <Spotlight.Action key={command.id} onClick={() => give(command.id)}>
                <span className="palette-row" data-colour={command.environment?.colour}>
                  {command.environment !== undefined && <span className="edge" aria-hidden="true" />}
                  <span className="clip">{command.title}</span>
                  {command.environment !== undefined && <TierWord tier={command.environment.tier} />}
                  <span className="push">{command.keys[0] !== undefined && <Keys keys={command.keys[0]} />}</span>
                </span>
              </Spotlight.Action>
            ))}
          </Spotlight.ActionsGroup>
        )}
        {found.length + shown.length === 0 && <Spotlight.Empty>{texts.nothing}</Spotlight.Empty>}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}

/** As the arrow keys do it, for the first row. */
function keepOneSelected(): void {
  const { listId } = store.getState();
  const list = document.getElementById(listId);
  if (list === null || list.querySelector('[data-selected]') !== null) return;
  list.querySelector('[data-action]')?.setAttribute('data-selected', 'true');
  store.updateState((state) => ({ ...state, selected: 0 }));
}

const findEnvironments = (environments: readonly EnvironmentSummary[], query: string): readonly EnvironmentSummary[] =>
  environments
    .filter(({ environment }) =>
      matches(query.replace(/^(migrate|plan)\s+/i, ''), [environment.name, environment.group, environment.tier]),
    )
    .slice(0, shownEnvironments);

function environmentActions(summary: EnvironmentSummary, query: string) {
  const { environment, lastKnown } = summary;
  const row = (title: string, hint: string, run: () => void) => (
    <Spotlight.Action key={`${environment.id} ${title}`} onClick={run}>
      <span className="palette-row" data-colour={environment.colour}>
        <span className="edge" aria-hidden="true" />
        <span className="clip">{title}</span>
        <TierWord tier={environment.tier} />
        <span className="push">{hint}</span>
      </span>
    </Spotlight.Action>
  );
  const open = row(environment.name, environment.group, () =>
    navigate({ screen: 'environment', id: environment.id, tab: 'plan', run: null }),
  );
  const pending = lastKnown?.pending ?? 0;
  if (query === '' || pending === 0) return [open];
  return [
    open,
    row(texts.migrate(formatNumber(pending), environment.name), texts.planFirst, () =>
      navigate({ screen: 'migrate', id: environment.id, target: { direction: 'up' } }),
    ),
  ];
}
