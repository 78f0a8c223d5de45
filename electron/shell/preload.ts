/** Runs beside the page, out of its reach: hands it one port and the menu's choices, and never `ipcRenderer`. */
import { contextBridge, ipcRenderer } from 'electron';
import { channels, pageMessages } from './channels.ts';

contextBridge.exposeInMainWorld('lockkeeperShell', 'electron');

const isHello = (data: unknown): boolean =>
  typeof data === 'object' && data !== null && 'type' in data && data.type === pageMessages.hello;

window.addEventListener('message', (event: MessageEvent<unknown>) => {
  if (event.source === window && isHello(event.data)) ipcRenderer.send(channels.hello);
});

ipcRenderer.on(channels.port, ({ ports }) =>
  window.postMessage({ type: pageMessages.port }, window.location.origin, [...ports]),
);

ipcRenderer.on(channels.command, (_event, id: unknown) =>
  window.postMessage({ type: pageMessages.command, id }, window.location.origin),
);

ipcRenderer.on(channels.show, (_event, fragment: unknown) => {
  if (typeof fragment === 'string' && fragment.startsWith('#/')) window.location.hash = fragment;
});
