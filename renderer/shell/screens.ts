/** The screens in the order of the navigation. One that does not work yet keeps its place here, not in the window. */
import { IconArchive, IconDatabase, IconHistory, IconPackage, IconPlayerPlay, IconSettings } from '@tabler/icons-react';
import type { CommandId } from '../../shared/commands.ts';
import type { ScreenName } from '../router.ts';

export interface Screen {
  readonly name: ScreenName;
  readonly title: string;
  readonly icon: typeof IconDatabase;
  readonly command: CommandId;
  readonly key: string;
}

// Order of the whole: environments, matrix, runs, rehearsals, backups, history, fleets, bundles, settings.
export const screens: readonly Screen[] = [
  { name: 'environments', title: 'Environments', icon: IconDatabase, command: 'screen.environments', key: '1' },
  { name: 'runs', title: 'Runs', icon: IconPlayerPlay, command: 'screen.runs', key: '2' },
  { name: 'backups', title: 'Backups', icon: IconArchive, command: 'screen.backups', key: '3' },
  { name: 'history', title: 'History', icon: IconHistory, command: 'screen.history', key: '4' },
  { name: 'bundles', title: 'Bundles', icon: IconPackage, command: 'screen.bundles', key: '5' },
  { name: 'settings', title: 'Settings', icon: IconSettings, command: 'screen.settings', key: '6' },
];
