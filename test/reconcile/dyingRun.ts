// A process that migrates up and prints how that ended, unless it is killed before.
import { compose } from '../../electron/compose.ts';
import { run } from '../services/backend.ts';
import { type Order, resume } from './support.ts';

const order = JSON.parse(process.argv[2] ?? '') as Order;
const backend = await compose({ dataDirectory: order.dataDirectory, shell: 'commandLine' });
const ended =
  order.resume === undefined
    ? (await run(backend, order.target, { wanted: { direction: order.down === true ? 'down' : 'up' } })).run
    : await resume(backend.context, order.resume, order.target);
process.stdout.write(JSON.stringify(ended));
await backend.close();
process.exit(0);
