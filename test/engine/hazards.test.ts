import { describe, expect, it } from 'vitest';
import { driverFor } from '../../electron/databases/registry.ts';
import { gateNeeds } from '../../electron/engine/gate.ts';
import { type CatalogueFacts, createHazardLook, type HazardRule, noFacts } from '../../electron/engine/hazards.ts';
import { protectionByTier } from '../../shared/model/environment.ts';
import type { Hazard } from '../../shared/model/plan.ts';
import type { Statement } from '../../shared/model/statement.ts';

/** A rule that speaks of every table that is not new. */
const touches: HazardRule<string> = {
  code: 'touches',
  category: 'locksWrites',
  look: (table, { isNew, sizeOf }) =>
    isNew(table)
      ? null
      : { severity: 'danger', message: `${table} ${sizeOf(table)?.rows ?? 'unknown'}`, mustAccept: true },
};

function lookAt(script: string, facts: CatalogueFacts = noFacts): Hazard[] {
  const driver = driverFor('postgres');
  const look = createHazardLook<string>(
    {
      parse: ({ text }) => /(?:CREATE|ALTER)\s+TABLE\s+(\w+)/i.exec(text)?.[1] ?? null,
      makes: (table) => [table],
      rules: [touches],
    },
    facts,
  );
  const splitter = driver.sql.createSplitter({});
  const pieces = [...splitter.push(script), ...splitter.finish()];
  const statements = pieces.flatMap((piece): Statement[] => (piece.kind === 'statement' ? [piece.statement] : []));
  return statements.flatMap((statement) => look.look(statement, driver.sql.classify(statement.text)));
}

describe('looking for hazards', () => {
  it('knows what is new in a plan, and what the catalogue tells of the rest', () => {
    const facts = { ...noFacts, tables: new Map([['old', { rows: 5, bytes: 1 }]]) };
    expect(lookAt('ALTER TABLE Old ADD a int; ALTER TABLE old ADD b int;', facts).map((one) => one.message)).toEqual([
      'Old 5',
    ]);
  });

  it('takes an acceptance with its reason from a comment before the statement, and asks nobody again', () => {
    const [hazard] = lookAt('-- lockkeeper:accept touches it holds ten rows\nALTER TABLE a ADD b int;');
    expect(hazard).toMatchObject({ code: 'touches', line: 2, accepted: 'it holds ten rows' });
    expect(
      gateNeeds('x', protectionByTier.production, [{ hazards: hazard === undefined ? [] : [hazard] }], {
        at: 0,
        role: 'operator',
        approval: { kind: 'notAsked' },
      }).hazards,
    ).toEqual([]);
  });

  it.each(['-- lockkeeper:accept touches\n', '-- lockkeeper:accept another because\n', ''])(
    'does not take %j for an acceptance',
    (comment) => {
      const hazards = lookAt(`${comment}ALTER TABLE a ADD b int;`);
      expect(hazards[0]?.accepted).toBeUndefined();
      expect(
        gateNeeds('x', protectionByTier.production, [{ hazards }], {
          at: 0,
          role: 'operator',
          approval: { kind: 'notAsked' },
        }).hazards,
      ).toEqual(['touches']);
    },
  );
});
