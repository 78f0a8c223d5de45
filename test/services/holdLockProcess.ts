/** Holds the lock of a database and source as another person's program would: arguments are URL, source, host, process. */
import { driverForUrl } from '../../electron/databases/registry.ts';
import { lockName } from '../../electron/services/lockName.ts';
import { readSource } from '../../electron/services/readSource.ts';
import { protectionByTier } from '../../shared/model/environment.ts';

const [url = '', path = '', host = '', process_ = ''] = process.argv.slice(2);
const driver = driverForUrl(url);
const { connection, password } = driver.parseUrl(url);
const source = await readSource({
  environment: {
    id: '',
    name: 'holder',
    tier: 'development',
    colour: 'grey',
    group: '',
    connection,
    credential: { kind: 'none' },
    protection: protectionByTier.development,
    source: { path },
  },
  driver,
  password,
  passwordNote: null,
  tierMissing: false,
});
const session = await driver.connect(connection, {
  password,
  applicationName: 'lockkeeper',
  readOnly: false,
  connectTimeoutMs: 10_000,
  lockTimeoutMs: 5_000,
});
const holder = { person: 'ada', host, process: process_, since: new Date().toISOString(), alive: true };
if ((await session.tryLock(lockName(session, source), holder)) !== null) throw new Error('The lock is taken');
process.send?.('held');
// A session that is ended by the server must not end this process before it is asked to.
process.on('uncaughtException', () => undefined);
setInterval(() => undefined, 1_000);
