import type { Node } from 'libpg-query';
import type { HazardRule } from '../../../engine/hazards.ts';
import type { Parsed } from './parse.ts';
import { calledFunctions, type Kind } from './tree.ts';

/** dblink, foreign servers and subscriptions: another database takes part. */
export const otherServer: HazardRule<Parsed> = {
  code: 'otherServer',
  category: 'externalEffect',
  look({ node }) {
    const called = calledFunctions(node).find((name) => name.startsWith('dblink'));
    if (called !== undefined)
      return {
        severity: 'danger',
        message: `${called} does its work in another session or database, at once: a rollback here does not undo it there.`,
        remedy: 'Make it a migration of that other database.',
      };
    const what = linkBy(node);
    if (what === null) return null;
    return {
      severity: 'warning',
      message: `${what} ties this database to another server: the migration depends on it, its copies elsewhere would reach the same server, and a password may be written in the script.`,
      remedy: 'Let whoever runs the servers do it, environment by environment.',
    };
  },
};

const links: Partial<Record<Kind, string>> = {
  CreateForeignServerStmt: 'CREATE SERVER',
  AlterForeignServerStmt: 'ALTER SERVER',
  CreateUserMappingStmt: 'CREATE USER MAPPING',
  CreateForeignTableStmt: 'CREATE FOREIGN TABLE',
  ImportForeignSchemaStmt: 'IMPORT FOREIGN SCHEMA',
  CreateSubscriptionStmt: 'CREATE SUBSCRIPTION',
  AlterSubscriptionStmt: 'ALTER SUBSCRIPTION',
  DropSubscriptionStmt: 'DROP SUBSCRIPTION',
};

const linkBy = (node: Node | null): string | null =>
  Object.entries(links).find(([kind]) => node !== null && kind in node)?.[1] ?? null;
