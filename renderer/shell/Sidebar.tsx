import { IconSearch } from '@tabler/icons-react';
import type { EnvironmentSummary } from '../../shared/contract/views.ts';
import { Keys } from '../commands/Keys.tsx';
import { give } from '../commands/registry.ts';
import { groupEnvironments } from '../features/environments/group.ts';
import { RoleBadge } from '../features/roles/RoleBadge.tsx';
import { Tour } from '../features/tour/Tour.tsx';
import { readings } from '../readings.ts';
import { useResource } from '../resources.ts';
import { formatRoute, screenOf } from '../router.ts';
import { shortTierWords, tierWords } from '../texts.ts';
import { useRoute } from '../useRoute.ts';
import { screens } from './screens.ts';
import { shellTexts as texts } from './texts.ts';

export function Sidebar() {
  const route = useRoute();
  const info = useResource(readings.info()).data;
  const environments = useResource(readings.environments()).data ?? [];
  const current = screenOf(route);
  const active = environments.filter(({ activeRun }) => activeRun !== null).length;
  const openId = 'id' in route && current === 'environments' ? route.id : null;
  return (
    <aside className="sidebar" aria-label={texts.navigation}>
      <div className="brand">
        <img src="./icon.svg" alt="" />
        <span>{texts.lockkeeper}</span>
        <RoleBadge />
      </div>
      <button type="button" className="palette-button" onClick={() => give('palette.open')}>
        <IconSearch size={14} aria-hidden="true" />
        <span>{texts.find}</span>
        <span className="push">
          <Keys keys="mod+k" />
        </span>
      </button>
      <nav aria-label={texts.screens}>
        <ul>
          {screens.map((screen) => (
            <li key={screen.name}>
              <a
                className="nav-link"
                href={formatRoute({ screen: screen.name })}
                {...(screen.name === current ? { 'aria-current': openId === null ? 'page' : 'true' } : {})}
              >
                <screen.icon size={17} stroke={1.6} aria-hidden="true" />
                <span>{screen.title}</span>
                {screen.name === 'runs' && active > 0 && (
                  <span className="mark" data-tone="running">
                    <span className="glyph" aria-hidden="true">
                      ◐
                    </span>
                    {active}
                    <span className="hidden-text"> {texts.goingOn}</span>
                  </span>
                )}
                <span className="key-hint" aria-hidden="true">
                  {screen.key}
                </span>
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <nav className="sidebar-tree" aria-label={texts.environments}>
        {groupEnvironments(environments).map(({ group, members }) => (
          <section key={group}>
            <h2>{group === '' ? texts.noGroup : group}</h2>
            <ul>
              {members.map((summary) => (
                <TreeLink key={summary.environment.id} summary={summary} open={summary.environment.id === openId} />
              ))}
            </ul>
          </section>
        ))}
      </nav>
      <Tour />
      {info !== null && (
        <div className="sidebar-foot">
          <span className="clip" title={texts.on(info.user, info.hostName)}>
            {texts.on(info.user, info.hostName)}
          </span>
          <span>{texts.lockkeeperVersion(info.version)}</span>
        </div>
      )}
    </aside>
  );
}

function TreeLink({ summary, open }: { summary: EnvironmentSummary; open: boolean }) {
  const { environment, activeRun, lastKnown } = summary;
  const sign =
    activeRun !== null
      ? { glyph: '◐', words: texts.aRunGoesOn, tone: 'running' }
      : lastKnown !== null && (lastKnown.problem !== null || lastKnown.attention > 0)
        ? { glyph: '▲', words: texts.needsAttention, tone: 'attention' }
        : null;
  return (
    <li data-colour={environment.colour}>
      <a
        className="tree-link"
        href={formatRoute({ screen: 'environment', id: environment.id, tab: 'plan', run: null })}
        {...(open ? { 'aria-current': 'page' } : {})}
      >
        <span className="edge" aria-hidden="true" />
        <span className="clip">{environment.name}</span>
        {sign !== null && (
          <span className="mark bare" data-tone={sign.tone}>
            <span className="glyph" aria-hidden="true">
              {sign.glyph}
            </span>
            <span className="hidden-text">, {sign.words}</span>
          </span>
        )}
        <span className="tier-word" title={tierWords[environment.tier]}>
          {shortTierWords[environment.tier]}
        </span>
      </a>
    </li>
  );
}
