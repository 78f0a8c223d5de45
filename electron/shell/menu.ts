/** The native menu: standard entries, and the commands that shared/commands.ts puts there. */
import { BrowserWindow, Menu, type MenuItemConstructorOptions } from 'electron';
import { type CommandInfo, type CommandMenu, commands } from '../../shared/commands.ts';
import { channels } from './channels.ts';

export function setMenu({
  platform,
  packaged,
}: {
  readonly platform: NodeJS.Platform;
  readonly packaged: boolean;
}): void {
  const onMac = platform === 'darwin';
  const template: MenuItemConstructorOptions[] = [
    ...(onMac ? [{ role: 'appMenu' } as const] : []),
    { label: '&File', submenu: [...entriesOf('file'), { type: 'separator' }, { role: onMac ? 'close' : 'quit' }] },
    { role: 'editMenu' },
    { label: '&View', submenu: [...entriesOf('view'), { type: 'separator' }, ...viewRoles(packaged)] },
    { label: 'E&nvironment', submenu: entriesOf('environment') },
    { role: 'windowMenu' },
    { role: 'help', submenu: entriesOf('help') },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}

const entriesOf = (menu: CommandMenu): MenuItemConstructorOptions[] =>
  commands.filter((command: CommandInfo) => command.menu === menu).map(entry);

function entry({ id, title, keys }: CommandInfo): MenuItemConstructorOptions {
  const accelerator = keys.map(acceleratorOf).find((key) => key !== null);
  return {
    label: title,
    click: () => BrowserWindow.getFocusedWindow()?.webContents.send(channels.command, id),
    // The page has the keys; here they are only shown.
    ...(accelerator === undefined ? {} : { accelerator, registerAccelerator: false }),
  };
}

/** Null for a plain key: shown as an accelerator, macOS would take it from everybody who types. */
function acceleratorOf(key: string): string | null {
  if (/^F\d+$/.test(key)) return key;
  return key.startsWith('mod+') ? `CmdOrCtrl+${key.slice('mod+'.length).toUpperCase()}` : null;
}

function viewRoles(packaged: boolean): MenuItemConstructorOptions[] {
  const roles = [
    'resetZoom',
    'zoomIn',
    'zoomOut',
    'togglefullscreen',
    ...(packaged ? [] : ['toggleDevTools' as const]),
  ] as const;
  // Ctrl and the key of + without Shift, as browsers take it.
  const larger = {
    role: 'zoomIn',
    accelerator: 'CmdOrCtrl+=',
    visible: false,
    acceleratorWorksWhenHidden: true,
  } as const;
  return [...roles.map((role) => ({ role })), larger];
}
