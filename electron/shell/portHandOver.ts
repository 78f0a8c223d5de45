/** The one way from the page to the backend: a port, handed over after the page that asks was recognised. */
import type { AnyRouter } from '@orpc/server';
import { RPCHandler } from '@orpc/server/message-port';
import { type IpcMainEvent, ipcMain, MessageChannelMain } from 'electron';
import { appOrigin } from './appOrigin.ts';
import { channels } from './channels.ts';

/** A page that was reloaded asks again; its old port closed with it. */
export function handOverPorts(router: AnyRouter): void {
  const calls = new RPCHandler(router);
  ipcMain.on(channels.hello, (event) => {
    if (!isOwnPage(event)) return;
    const { port1: backend, port2: page } = new MessageChannelMain();
    calls.upgrade(backend, { context: {} });
    backend.start();
    event.senderFrame?.postMessage(channels.port, null, [page]);
  });
}

/** Exactly our origin, and the window itself, not a frame inside it. */
function isOwnPage({ senderFrame }: IpcMainEvent): boolean {
  return senderFrame !== null && senderFrame.origin === appOrigin && senderFrame.parent === null;
}
