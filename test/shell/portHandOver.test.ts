import type { MessagePort } from 'node:worker_threads';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { RouterClient } from '@orpc/server';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { handOverPorts } from '../../electron/shell/portHandOver.ts';
import { problemOf } from '../../shared/contract/problemOf.ts';
import { ended, tinyRouter } from '../http/tinyServer.ts';
import * as electron from './electronStandIn.ts';

vi.mock('electron', () => import('./electronStandIn.ts'));

beforeEach(() => electron.forgetAll());

describe('against a stand-in of electron: proves calls, not the sandbox', () => {
  describe('the port', () => {
    const hello = (frame: { origin: string; parent: unknown }): MessagePort | null => {
      let port: MessagePort | null = null;
      const postMessage = (channel: string, _message: unknown, [handed]: [MessagePort]): void => {
        expect(channel).toBe('lockkeeper:port');
        port = handed;
      };
      electron.ipcMain.emit('lockkeeper:hello', { senderFrame: { ...frame, postMessage } });
      return port;
    };

    test.each([
      ['another origin', { origin: 'https://evil.example', parent: null }],
      ['an origin that only begins like ours', { origin: 'app://lockkeeper.evil', parent: null }],
      ['no origin', { origin: 'null', parent: null }],
      ['a frame inside our page', { origin: 'app://lockkeeper', parent: {} }],
    ])('%s gets none', (_name, frame) => {
      handOverPorts(tinyRouter);
      expect(hello(frame)).toBeNull();
    });

    test('a frame that is gone gets none', () => {
      handOverPorts(tinyRouter);
      expect(() => electron.ipcMain.emit('lockkeeper:hello', { senderFrame: null })).not.toThrow();
    });

    test('our page gets one: calls are answered, Problems cross, streams end with the port', async () => {
      handOverPorts(tinyRouter);
      const port = hello({ origin: 'app://lockkeeper', parent: null }) ?? expect.fail('no port');
      const client: RouterClient<typeof tinyRouter> = createORPCClient(new RPCLink({ port: port as never }));
      port.start();
      expect(await client.echo({ word: 'hello' })).toBe('hello');
      expect(problemOf(await client.refuse().catch((thrown: unknown) => thrown))).toMatchObject({
        code: 'gate.confirmation',
        line: 3,
      });
      const stream = await client.count({ from: 9000, pause: 9002, end: 9005 });
      expect([await stream.next(), await stream.next()]).toMatchObject([{ value: 9000 }, { value: 9001 }]);
      port.close();
      await vi.waitFor(() => expect(ended).toContain(9000));
    });
  });
});
