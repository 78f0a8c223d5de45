/** The frame: navigation at the left, the route's screen at the right, and what lies over both. */
import { Loader } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { Keyboard } from './commands/Keyboard.tsx';
import { Palette } from './commands/Palette.tsx';
import { ShortcutsSheet } from './commands/ShortcutsSheet.tsx';
import { useCommand } from './commands/useCommand.ts';
import { ErrorBoundary } from './components/ErrorBoundary.tsx';
import { announce, LiveRegion } from './components/LiveRegion.tsx';
import { useKeptFocus } from './components/useKeptFocus.ts';
import { useConnection } from './connection.ts';
import { pickPlanFile } from './features/approval/planFile.ts';
import { pickBundle } from './features/bundles/bring.ts';
import { useDroppedBundles } from './features/bundles/useDroppedBundles.ts';
import { openAddEnvironment, openImport } from './features/environments/dialogs.ts';
import { EnvironmentDialogs } from './features/environments/EnvironmentDialogs.tsx';
import { SupportDialog } from './features/settings/SupportDialog.tsx';
import { loadAhead } from './loadedAhead.ts';
import { takeStored } from './preferences.ts';
import { readings } from './readings.ts';
import { refreshShown, useResource } from './resources.ts';
import { formatRoute, type ScreenName } from './router.ts';
import { Screen } from './Screen.tsx';
import { Arrival } from './shell/Arrival.tsx';
import { LostPage } from './shell/LostPage.tsx';
import { Sidebar } from './shell/Sidebar.tsx';
import { shellTexts as texts } from './shell/texts.ts';
import { navigate, useRoute } from './useRoute.ts';

export function App() {
  const connection = useConnection();
  if (connection.kind === 'connecting') {
    return (
      <div className="full-state">
        <Loader aria-label={texts.connectingToLockkeeper} />
      </div>
    );
  }
  if (connection.kind === 'lost') return <LostPage />;
  return <Frame reconnecting={connection.reconnecting} />;
}

function Frame({ reconnecting }: { reconnecting: boolean }) {
  const route = useRoute();
  const address = formatRoute(route);
  const content = useRef<HTMLElement>(null);
  useStoredPreferences();
  useGlobalCommands();
  useKeptFocus();
  useDroppedBundles();
  useLoadingAhead();
  return (
    <div className="shell">
      <button type="button" className="skip-link" onClick={() => content.current?.focus()}>
        {texts.skipToContent}
      </button>
      <Sidebar />
      <div className="main">
        {reconnecting && (
          <div className="ribbon" role="status">
            <span aria-hidden="true">◐</span>
            {texts.reconnectingToLockkeeperWhatYou}
          </div>
        )}
        <main id="content" className="content" ref={content} tabIndex={-1}>
          <ErrorBoundary resetKey={address}>
            <Screen route={route}>
              <Arrival address={address} content={content} />
            </Screen>
          </ErrorBoundary>
        </main>
      </div>
      <EnvironmentDialogs />
      <Palette />
      <ShortcutsSheet />
      <SupportDialog />
      <Keyboard />
      <LiveRegion />
    </div>
  );
}

/** After the first screen has what it shows. */
function useLoadingAhead(): void {
  const isReady = useResource(readings.environments()).data !== null;
  useEffect(() => {
    if (isReady) loadAhead();
  }, [isReady]);
}

function useStoredPreferences(): void {
  const settings = useResource(readings.settings()).data;
  useEffect(() => {
    if (settings !== null) takeStored(settings);
  }, [settings]);
}

function useGlobalCommands(): void {
  const go = (screen: ScreenName) => () => navigate({ screen });
  useCommand('screen.environments', go('environments'));
  useCommand('screen.runs', go('runs'));
  useCommand('screen.backups', go('backups'));
  useCommand('screen.history', go('history'));
  useCommand('screen.bundles', go('bundles'));
  useCommand('screen.settings', go('settings'));
  useCommand('bundle.open', pickBundle);
  useCommand('planFile.open', pickPlanFile);
  useCommand('environment.add', openAddEnvironment);
  useCommand('environment.import', openImport);
  useCommand('view.refresh', () => {
    refreshShown();
    announce(texts.readingAgain);
  });
}
