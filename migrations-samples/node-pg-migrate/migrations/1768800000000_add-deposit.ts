import type { MigrationBuilder } from 'node-pg-migrate';
import { timestamps } from '../lib/timestamps';

// Without a `down`, the way back is this in reverse.
export async function up(pgm: MigrationBuilder): Promise<void> {
  pgm.addColumns('hires', { deposit: 'money', ...timestamps });
  pgm.createIndex('hires', 'day');
}
