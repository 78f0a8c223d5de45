import { describe, expect, it } from 'vitest';
import { checkGate, type GateAnswers, type GateNeeds, gateNeeds } from '../../electron/engine/gate.ts';
import type { GateFacts } from '../../electron/engine/gateStops.ts';
import type { BackupLevel } from '../../shared/model/backup.ts';
import { type Protection, protectionByTier } from '../../shared/model/environment.ts';
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

const now: GateFacts = { at: Date.parse('2026-06-03T12:00:00Z'), role: 'operator', approval: { kind: 'notAsked' } };
const check = (needs: GateNeeds, answers: GateAnswers) => checkGate(needs, answers, now.at);

describe('the gate', () => {
  it('asks nothing in development, but an unsettled failure always', () => {
    expect(check(gateNeeds('dev', protectionByTier.development, [step(danger)], now), nothing)).toBeNull();
    expect(check(gateNeeds('dev', protectionByTier.development, [step(retry)], now), nothing)?.code).toBe(
      'gate.hazard',
    );
  });

  it('asks a test environment for a backup, which only a reason can replace', () => {
    const needs = gateNeeds('test', protectionByTier.test, [step()], now);
    expect(check(needs, nothing)?.code).toBe('gate.backupRequired');
    expect(check(needs, { ...nothing, reason: '  ' })?.code).toBe('gate.backupRequired');
    expect(check(needs, { ...nothing, reason: 'the volume was snapshotted' })).toBeNull();
    expect(check(needs, { ...nothing, backup: whole('taken') })).toBeNull();
  });

  it('is not content with a backup that was only taken where a checked one is asked', () => {
    expect(
      check(gateNeeds('stage', protectionByTier.staging, [step()], now), { ...nothing, backup: whole('taken') })?.code,
    ).toBe('gate.backupRequired');
  });

  it.each(['schema', 'tables'] as const)('is never content with a backup of %s only', (covers) => {
    const needs = gateNeeds('test', protectionByTier.test, [step()], now);
    expect(check(needs, { ...nothing, backup: { level: 'proven', covers } })?.code).toBe('gate.backupRequired');
    expect(check(needs, { ...nothing, backup: whole('taken') })).toBeNull();
  });

  it('asks whoever accepts a hazard why, where the protection asks for hazards', () => {
    const needs = gateNeeds('stage', protectionByTier.staging, [step(danger)], now);
    const accepted = { ...nothing, accept: ['dataLoss'], backup: whole('checked') };
    expect(check(needs, accepted)?.code).toBe('gate.reason');
    expect(check(needs, { ...accepted, reason: 'change 12' })).toBeNull();
    expect(check(gateNeeds('stage', protectionByTier.staging, [step(notice)], now), accepted)).toBeNull();
    expect(
      check(gateNeeds('dev', protectionByTier.development, [step(retry)], now), {
        ...nothing,
        accept: ['retryInterrupted', 'retryFailed'],
      }),
    ).toBeNull();
  });

  it('asks production for the exact name, then a reason, then each dangerous hazard', () => {
    const needs = gateNeeds('acme-prod', protectionByTier.production, [step(danger, notice)], now);
    expect(check(needs, { ...nothing, confirm: 'ACME-prod' })?.code).toBe('gate.confirmation');
    expect(check(needs, { ...nothing, confirm: 'acme-prod' })?.code).toBe('gate.reason');
    expect(check(needs, { ...nothing, confirm: 'acme-prod', reason: 'change 12' })).toMatchObject({
      code: 'gate.hazard',
      hint: expect.stringContaining('--accept dataLoss'),
    });
    const given = { confirm: 'acme-prod', reason: 'change 12', accept: ['dataLoss'] };
    expect(check(needs, { ...given, backup: whole('proven') })).toBeNull();
    // A reason stands for a skipped backup, never for one that is not enough.
    expect(check(needs, { ...given, backup: whole('checked') })?.code).toBe('gate.backupRequired');
    expect(check(needs, { ...given, backup: null })).toBeNull();
  });

  it('lets nothing through to a read-only environment', () => {
    const needs = gateNeeds('copy', { ...protectionByTier.development, readOnly: true }, [step()], now);
    expect(check(needs, { confirm: 'copy', reason: 'r', accept: [], backup: whole('proven') })?.code).toBe(
      'gate.readOnly',
    );
  });
});

describe('what nobody answers in passing', () => {
  const free = protectionByTier.development;
  const stopped = (protection: Protection, facts: Partial<GateFacts> = {}, ...hazards: Hazard[]) =>
    gateNeeds('acme', protection, [step(...hazards)], { ...now, ...facts }).stops;

  it('is a freeze, until its end, whoever asks', () => {
    const freeze = { until: '2026-06-03T18:00:00.000Z', reason: 'year-end closing', by: 'ada' };
    const needs = gateNeeds('acme', { ...free, freeze }, [], { ...now, role: 'administrator' });
    expect(check(needs, nothing)).toMatchObject({
      code: 'gate.frozen',
      message: 'acme is frozen until 2026-06-03 18:00 UTC: year-end closing',
      hint: expect.stringContaining('ada'),
    });
    expect(stopped({ ...free, freeze }, { at: Date.parse(freeze.until) })).toEqual([]);
    expect(stopped({ ...free, freeze: null })).toEqual([]);
  });

  it('is the time outside of every change window, and the moment at which the open one closes', () => {
    const changeWindows = [{ days: ['wednesday'], from: '20:00', to: '23:00', timeZone: 'Europe/Berlin' }] as const;
    const protection = { ...free, changeWindows };
    expect(stopped(protection, { role: 'administrator' })).toMatchObject([
      {
        code: 'gate.changeWindow',
        message: 'acme is changed in its change windows only: Wed 20:00–23:00 Europe/Berlin.',
        hint: expect.stringContaining('opens at 2026-06-03 20:00 Europe/Berlin'),
      },
    ]);
    const at = Date.parse('2026-06-03T18:00:00Z');
    const needs = gateNeeds('acme', protection, [], { ...now, at });
    expect(checkGate(needs, nothing, at)).toBeNull();
    expect(checkGate(needs, nothing, Date.parse('2026-06-03T20:59:59Z'))).toBeNull();
    expect(checkGate(needs, nothing, Date.parse('2026-06-03T21:00:00Z'))).toMatchObject({ code: 'gate.changeWindow' });
  });

  it('is a hazard that only an administrator may accept, who accepts it aloud, also where the file does', () => {
    const protection = { ...free, forbiddenHazards: ['dataLoss'] };
    const inFile = { ...danger, accepted: 'meant so' };
    for (const hazard of [danger, inFile])
      expect(stopped(protection, {}, hazard)).toMatchObject([
        {
          code: 'gate.forbiddenHazard',
          message: expect.stringContaining('dataLoss'),
          hint: expect.stringContaining('administrator'),
        },
      ]);
    expect(stopped(protection, {}, { ...danger, seen: 'refuted' }, notice)).toEqual([]);
    const needs = gateNeeds('acme', protection, [step(inFile)], { ...now, role: 'administrator' });
    expect(check(needs, nothing)).toMatchObject({ code: 'gate.hazard' });
    expect(check(needs, { ...nothing, accept: ['dataLoss'] })).toBeNull();
  });

  it('is not a hazard that the environment allows, but one that must be accepted everywhere still is', () => {
    const protection = { ...free, acceptHazards: true, allowedHazards: ['dataLoss', 'retryFailed'] };
    expect(gateNeeds('acme', protection, [step(danger, retry)], now).hazards).toEqual(['retryFailed']);
  });

  it('is a second person where one is asked for; an administrator stands for them where no plan file can be', () => {
    const protection = { ...free, approvalHours: 24 };
    const problem = { code: 'gate.approval', message: 'none', state: '', hint: '' } as const;
    expect(stopped(protection, { approval: { kind: 'missing', problem }, role: 'administrator' })).toEqual([problem]);
    const approval = { by: 'Grace', at: '', until: '', note: null };
    const needs = gateNeeds('acme', protection, [], { ...now, approval: { kind: 'given', approval } });
    expect([needs.stops, needs.approval]).toEqual([[], approval]);
    expect(stopped(protection, { approval: { kind: 'byRole' } })).toMatchObject([
      { code: 'gate.approval', hint: 'Let an administrator do it.' },
    ]);
    expect(stopped(protection, { approval: { kind: 'byRole' }, role: 'administrator' })).toEqual([]);
    expect(stopped(free, { approval: { kind: 'byRole' } })).toEqual([]);
  });

  it('is told whole: each with what and from whom', () => {
    const freeze = { until: '2027-01-01T00:00:00.000Z', reason: 'audit', by: 'ada' };
    const changeWindows = [{ days: ['sunday'], from: '02:00', to: '04:00', timeZone: 'UTC' }] as const;
    const all = { ...free, readOnly: true, freeze, changeWindows, forbiddenHazards: ['dataLoss'], approvalHours: 1 };
    const codes = stopped(all, { approval: { kind: 'byRole' } }, danger).map(({ code }) => code);
    expect(codes).toEqual([
      'gate.readOnly',
      'gate.frozen',
      'gate.changeWindow',
      'gate.forbiddenHazard',
      'gate.approval',
    ]);
  });
});
