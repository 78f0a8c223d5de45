// A Galera cluster of real MariaDB servers, on this machine.
import { existsSync } from 'node:fs';
import { freePort } from './freePort.ts';
import { startMariadb } from './mariadb.ts';
import type { PrivateServer } from './model.ts';
import { galeraProvider } from './programs.ts';

/** Why this machine cannot run it; undefined when it can. */
export const galeraMissing = (): string | undefined =>
  existsSync(galeraProvider) ? undefined : 'galera-4 is not installed';

interface Cluster extends AsyncDisposable {
  readonly first: PrivateServer;
  readonly second: PrivateServer;
}

/** Two nodes with the same data, each of which takes writes. */
export async function startGalera(): Promise<Cluster> {
  const [firstPort, secondPort] = [await freePort(), await freePort()];
  const first = await startMariadb([...(await optionsOf('first', firstPort, '')), '--wsrep-new-cluster']);
  try {
    const joining = await optionsOf('second', secondPort, `127.0.0.1:${firstPort}`);
    const second = await startMariadb(joining, first.superuser);
    return {
      first,
      second,
      [Symbol.asyncDispose]: async () => {
        await second.stop();
        await first.stop();
      },
    };
  } catch (error) {
    await first.stop();
    throw error;
  }
}

async function optionsOf(name: string, port: number, address: string): Promise<string[]> {
  const [transfer, increment] = [await freePort(), await freePort()];
  const provider = [
    `gmcast.listen_addr=tcp://127.0.0.1:${port}`,
    `ist.recv_addr=127.0.0.1:${increment}`,
    'gcache.size=16M',
  ];
  return [
    '--wsrep-on=ON',
    `--wsrep-provider=${galeraProvider}`,
    `--wsrep-provider-options=${provider.join(';')}`,
    '--wsrep-cluster-name=lockkeeper',
    `--wsrep-cluster-address=gcomm://${address}`,
    `--wsrep-node-name=${name}`,
    `--wsrep-node-address=127.0.0.1:${port}`,
    '--wsrep-sst-method=rsync',
    `--wsrep-sst-receive-address=127.0.0.1:${transfer}`,
    '--binlog-format=ROW',
    '--default-storage-engine=InnoDB',
    '--innodb-autoinc-lock-mode=2',
  ];
}
