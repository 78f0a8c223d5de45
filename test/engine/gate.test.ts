import { describe, expect, it } from 'vitest';
import { checkGate, type GateAnswers, gateNeeds } from '../../electron/engine/gate.ts';
import type { BackupLevel } from '../../shared/model/backup.ts';
import { protectionByTier } from '../../shared/model/environment.ts';
import type { Hazard, Step } from '../../shared/model/plan.ts';
import { migration } from './values.ts';

const nothing: GateAnswers = { confirm: null, reason: null, accept: [], backup: null };

function step(...hazards: Hazard[]): Step {
  const one = migration('1');
  return {
    index: 0,
    version: '1',
    historyKey: '1',
    name: 'one',
    action: 'apply',
    script: one.up,
    checksum: null,
    transactional: true,
    ownTransactions: false,
    statements: 1,
    reversible: true,
    hazards,
    tables: [],
    estimate: null,
    batched: [],
    placeholders: {},
    migration: one,
  };
}
const danger: Hazard = { code: 'dataLoss', severity: 'danger', line: 1, message: '' };
const notice: Hazard = { code: 'irreversible', severity: 'notice', line: null, message: '' };
const retry: Hazard = { code: 'retryFailed', severity: 'danger', line: null, message: '', mustAccept: true };

const whole = (level: BackupLevel) => ({ level, covers: 'everything' as const });

describe('the gate', () => {
  it('asks nothing in development, but an unsettled failure always', () => {
    expect(checkGate(gateNeeds('dev', protectionByTier.development, [step(danger)]), nothing)).toBeNull();
    expect(checkGate(gateNeeds('dev', protectionByTier.development, [step(retry)]), nothing)?.code).toBe('gate.hazard');
  });

  it('asks a test environment for a backup, which only a reason can replace', () => {
    const needs = gateNeeds('test', protectionByTier.test, [step()]);
    expect(checkGate(needs, nothing)?.code).toBe('gate.backupRequired');
    expect(checkGate(needs, { ...nothing, reason: '  ' })?.code).toBe('gate.backupRequired');
    expect(checkGate(needs, { ...nothing, reason: 'the volume was snapshotted' })).toBeNull();
    expect(checkGate(needs, { ...nothing, backup: whole('taken') })).toBeNull();
  });

  it('is not content with a backup that was only taken where a checked one is asked', () => {
    expect(
      checkGate(gateNeeds('stage', protectionByTier.staging, [step()]), { ...nothing, backup: whole('taken') })?.code,
    ).toBe('gate.backupRequired');
  });

  it.each(['schema', 'tables'] as const)('is never content with a backup of %s only', (covers) => {
    const needs = gateNeeds('test', protectionByTier.test, [step()]);
    expect(checkGate(needs, { ...nothing, backup: { level: 'proven', covers } })?.code).toBe('gate.backupRequired');
    expect(checkGate(needs, { ...nothing, backup: whole('taken') })).toBeNull();
  });

  it('asks whoever accepts a hazard why, where the protection asks for hazards', () => {
    const needs = gateNeeds('stage', protectionByTier.staging, [step(danger)]);
    const accepted = { ...nothing, accept: ['dataLoss'], backup: whole('checked') };
    expect(checkGate(needs, accepted)?.code).toBe('gate.reason');
    expect(checkGate(needs, { ...accepted, reason: 'change 12' })).toBeNull();
    expect(checkGate(gateNeeds('stage', protectionByTier.staging, [step(notice)]), accepted)).toBeNull();
    expect(
      checkGate(gateNeeds('dev', protectionByTier.development, [step(retry)]), {
        ...nothing,
        accept: ['retryInterrupted', 'retryFailed'],
      }),
    ).toBeNull();
  });

  it('asks production for the exact name, then a reason, then each dangerous hazard', () => {
    const needs = gateNeeds('acme-prod', protectionByTier.production, [step(danger, notice)]);
    expect(checkGate(needs, { ...nothing, confirm: 'ACME-prod' })?.code).toBe('gate.confirmation');
    expect(checkGate(needs, { ...nothing, confirm: 'acme-prod' })?.code).toBe('gate.reason');
    expect(checkGate(needs, { ...nothing, confirm: 'acme-prod', reason: 'change 12' })).toMatchObject({
      code: 'gate.hazard',
      hint: expect.stringContaining('--accept dataLoss'),
    });
    const given = { confirm: 'acme-prod', reason: 'change 12', accept: ['dataLoss'] };
    expect(checkGate(needs, { ...given, backup: whole('proven') })).toBeNull();
    // A reason stands for a skipped backup, never for one that is not enough.
    expect(checkGate(needs, { ...given, backup: whole('checked') })?.code).toBe('gate.backupRequired');
    expect(checkGate(needs, { ...given, backup: null })).toBeNull();
  });

  it('lets nothing through to a read-only environment', () => {
    const needs = gateNeeds('copy', { ...protectionByTier.development, readOnly: true }, [step()]);
    expect(checkGate(needs, { confirm: 'copy', reason: 'r', accept: [], backup: whole('proven') })?.code).toBe(
      'gate.readOnly',
    );
  });
});
