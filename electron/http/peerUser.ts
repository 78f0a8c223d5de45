/** Who is at the other end of a loopback connection. */
import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';

/** The number of the user whose program connected; null where the system does not tell. Linux only: proc(5), net/tcp. */
export async function peerUser({ remotePort, localPort }: Socket): Promise<number | null> {
  if (process.platform !== 'linux' || remotePort === undefined || localPort === undefined) return null;
  const table = await readFile('/proc/net/tcp', 'utf8').catch(() => '');
  const ends = `${loopback(remotePort)} ${loopback(localPort)}`;
  const row = table.split('\n').find((line) => line.includes(ends));
  const user = row?.trim().split(/\s+/)[userColumn];
  return user === undefined ? null : Number(user);
}

const userColumn = 7;

/** 127.0.0.1 and a port as the table writes them: both in hexadecimal, the address in the machine's byte order. */
const loopback = (port: number): string => `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
