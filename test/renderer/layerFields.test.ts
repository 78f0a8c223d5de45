import { describe, expect, test } from 'vitest';
import { originOf, settingGroups, valueAt, withValue } from '../../renderer/features/settings/layerFields.ts';
import { settingsLayer } from '../../shared/contract/settings.ts';
import { type SettingsLayers, settingsFor } from '../../shared/model/settings.ts';

/** Protections that nothing has until somebody says so. */
const unsaid: Readonly<Record<string, unknown>> = {
  approvalHours: null,
  freeze: null,
  changeWindows: [],
  allowedHazards: [],
  forbiddenHazards: [],
};

describe('what one level says', () => {
  test('a value is put into its group, and the empty group goes with it', () => {
    const said = withValue({}, ['protection', 'reason'], true);
    expect(said).toEqual({ protection: { reason: true } });
    expect(withValue(said, ['protection', 'reason'], undefined)).toEqual({});
  });

  test('no limit is something said, other than saying nothing', () => {
    const said = withValue({}, ['logRetentionDays'], null);
    expect(said).toEqual({ logRetentionDays: null });
    expect(valueAt(said, ['logRetentionDays'])).toBeNull();
    expect(valueAt({}, ['logRetentionDays'])).toBeUndefined();
  });

  test('the rest of the layer stays', () => {
    const layer = { progress: false, protection: { reason: true, typedName: true } };
    expect(withValue(layer, ['protection', 'reason'], undefined)).toEqual({
      progress: false,
      protection: { typedName: true },
    });
  });

  test('every field names a setting that there is, and what it holds is valid', () => {
    const built = settingsFor({ workspace: {}, tiers: {} }, 'production');
    for (const { path } of settingGroups.flatMap(({ fields }) => fields)) {
      const held = valueAt(built, path);
      const value = held === undefined ? unsaid[path[1] ?? ''] : held;
      expect(value, path.join('.')).toBeDefined();
      expect(settingsLayer.safeParse(withValue({}, path, value)).success, path.join('.')).toBe(true);
    }
  });
});

describe('whose word holds', () => {
  const layers: SettingsLayers = {
    workspace: { progress: false, protection: { reason: true } },
    tiers: { staging: { protection: { reason: false } } },
  };

  test('the environment’s own before its tier’s before the workspace’s', () => {
    const at = (own: object, tier: 'staging' | 'test') => originOf({ tier, layers, own }, ['protection', 'reason']);
    expect(at({ protection: { reason: true } }, 'staging')).toBe('here');
    expect(at({}, 'staging')).toBe('from Staging');
    expect(at({}, 'test')).toBe('from the workspace');
  });

  test('of a tier and of the workspace, their own', () => {
    expect(originOf({ tier: 'staging', layers, own: null }, ['protection', 'reason'])).toBe('here');
    expect(originOf({ tier: 'test', layers, own: null }, ['progress'])).toBe('from the workspace');
    expect(originOf({ tier: null, layers, own: null }, ['progress'])).toBe('here');
    expect(originOf({ tier: null, layers, own: null }, ['detailedLogs'])).toBe('built in');
    expect(originOf({ tier: 'production', layers, own: {} }, ['protection', 'backup'])).toBe('built in for Production');
  });
});
