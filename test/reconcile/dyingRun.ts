// A process that migrates up and prints how that ended, unless it is killed before.
import { compose } from '../../electron/compose.ts';
import { run } from '../services/backend.ts';
import type { Order } from './support.ts';

const order = JSON.parse(process.argv[2] ?? '') as Order;
const backend = compose({ dataDirectory: order.dataDirectory, shell: 'commandLine' });
const ended = await run(backend, order.target);
process.stdout.write(JSON.stringify(ended.run));
await backend.close();
process.exit(0);
