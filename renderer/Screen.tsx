/** The screen of a route; the larger ones are loaded later, at the latest when they are needed. */
import { Loader } from '@mantine/core';
import { type ReactNode, Suspense } from 'react';
import { EmptyState } from './components/EmptyState.tsx';
import { EnvironmentsPage } from './features/environments/EnvironmentsPage.tsx';
import { loadedAhead } from './loadedAhead.ts';
import { formatRoute, type Route } from './router.ts';
import { shellTexts as texts } from './shell/texts.ts';

const EnvironmentPage = loadedAhead(async () => ({
  default: (await import('./features/environment/EnvironmentPage.tsx')).EnvironmentPage,
}));
const MigrationPage = loadedAhead(() => import('./features/migrations/MigrationPage.tsx'));
const PlansPage = loadedAhead(() => import('./features/matrix/PlansPage.tsx'));
const FleetsPage = loadedAhead(() => import('./features/fleet/FleetsPage.tsx'));
const FleetPage = loadedAhead(() => import('./features/fleet/FleetPage.tsx'));
const NewFleetPage = loadedAhead(() => import('./features/fleet/NewFleetPage.tsx'));
const MigratePage = loadedAhead(() => import('./features/migrate/MigratePage.tsx'));
const PlanFilePage = loadedAhead(() => import('./features/approval/PlanFilePage.tsx'));
const RehearsalPage = loadedAhead(() => import('./features/rehearsal/RehearsalPage.tsx'));
const RestorePage = loadedAhead(() => import('./features/restore/RestorePage.tsx'));
const UndoPage = loadedAhead(() => import('./features/restore/UndoPage.tsx'));
const RepairPage = loadedAhead(() => import('./features/repair/RepairPage.tsx'));
const ConnectPage = loadedAhead(() => import('./features/adoption/ConnectPage.tsx'));
const AdoptPage = loadedAhead(() => import('./features/adoption/AdoptPage.tsx'));
const TrustPage = loadedAhead(() => import('./features/trust/TrustPage.tsx'));
const ResumePage = loadedAhead(() => import('./features/reconcile/ResumePage.tsx'));
const RunPage = loadedAhead(() => import('./features/runs/RunPage.tsx'));
const RunsPage = loadedAhead(() => import('./features/runs/RunsPage.tsx'));
const BackupsPage = loadedAhead(() => import('./features/backups/BackupsPage.tsx'));
const BundlesPage = loadedAhead(() => import('./features/bundles/BundlesPage.tsx'));
const SchedulesPage = loadedAhead(() => import('./features/schedules/SchedulesPage.tsx'));
const HistoryPage = loadedAhead(() => import('./features/history/HistoryPage.tsx'));
const SettingsPage = loadedAhead(() => import('./features/settings/SettingsPage.tsx'));

/** @param children shown together with the screen, once it is loaded. */
export function Screen({ route, children }: { route: Route; children?: ReactNode }) {
  return (
    <Suspense
      fallback={
        <div className="full-state">
          <Loader aria-label={texts.loading} />
        </div>
      }
    >
      {screenOf(route)}
      {children}
    </Suspense>
  );
}

function screenOf(route: Route) {
  switch (route.screen) {
    case 'environments':
      return <EnvironmentsPage />;
    case 'environment':
      return <EnvironmentPage key={route.id} id={route.id} tab={route.tab} run={route.run} />;
    case 'migration':
      return <MigrationPage key={`${route.id} ${route.version}`} id={route.id} version={route.version} />;
    case 'migrate':
      return <MigratePage key={formatRoute(route)} id={route.id} target={route.target} accept={route.accept ?? []} />;
    case 'rehearsal':
      return <RehearsalPage key={route.id} id={route.id} />;
    case 'plans':
      return <PlansPage key={formatRoute(route)} ids={route.ids} />;
    case 'fleets':
      return <FleetsPage />;
    case 'fleet':
      return <FleetPage key={route.id} id={route.id} />;
    case 'newFleet':
      return <NewFleetPage key={formatRoute(route)} ids={route.ids} to={route.to} />;
    case 'repair':
      return <RepairPage key={formatRoute(route)} id={route.id} requests={route.requests} />;
    case 'trust':
      return <TrustPage key={route.id} id={route.id} />;
    case 'connect':
      return <ConnectPage key={route.id} id={route.id} />;
    case 'adopt':
      return <AdoptPage key={formatRoute(route)} id={route.id} wanted={route.wanted} />;
    case 'restore':
      return <RestorePage wanted={route.wanted} />;
    case 'undo':
      return <UndoPage key={route.run} run={route.run} />;
    case 'resume':
      return <ResumePage key={`${route.run} ${route.action}`} run={route.run} action={route.action} />;
    case 'run':
      return <RunPage key={route.id} id={route.id} />;
    case 'runs':
      return <RunsPage />;
    case 'backups':
      return <BackupsPage />;
    case 'schedules':
      return <SchedulesPage />;
    case 'history':
      return <HistoryPage />;
    case 'bundles':
      return (
        <BundlesPage
          digest={route.digest ?? null}
          file={route.file ?? null}
          environmentId={route.environmentId ?? null}
        />
      );
    case 'planFile':
      return <PlanFilePage />;
    case 'settings':
      return <SettingsPage />;
    case 'notFound':
      return (
        <EmptyState
          title={texts.thereIsNoSuchPage}
          heading="h1"
          actions={
            <a className="link" href="#/environments">
              {texts.goToEnvironments}
            </a>
          }
        >
          {texts.nothingIsAt(route.path)}
        </EmptyState>
      );
  }
}
