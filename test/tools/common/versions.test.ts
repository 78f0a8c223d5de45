import { expect, test } from 'vitest';
import {
  canonicalSegments,
  compareBytes,
  compareNumbers,
  compareSegments,
  fileSlug,
  timestampVersion,
} from '../../../electron/tools/common/versions.ts';

test('byte order is that of UTF-8, not of UTF-16', () => {
  expect(['\u{1F600}', '\uFF5E', 'b', 'a', 'B'].sort(compareBytes)).toEqual(['B', 'a', 'b', '\uFF5E', '\u{1F600}']);
});

test('numbers of any length compare by value', () => {
  expect(['20260101000000000000001', '9', '010', '20260101000000000000000'].sort(compareNumbers)).toEqual([
    '9',
    '010',
    '20260101000000000000000',
    '20260101000000000000001',
  ]);
  expect(compareNumbers('007', '7')).toBe(0);
});

test('segments compare by value, missing ones as 0', () => {
  const versions = ['1.10', '1.2', '1.2.1', '2', '1.9.9', '20260101120000', '1.2.x'];
  expect(versions.sort(compareSegments)).toEqual(['1.2', '1.2.1', '1.2.x', '1.9.9', '1.10', '2', '20260101120000']);
  expect(compareSegments('1.2', '1.2.0')).toBe(0);
  expect(canonicalSegments('01.2.0.0')).toBe(canonicalSegments('1.02'));
  expect(canonicalSegments('0.0')).toBe('0');
});

test('new names', () => {
  expect(timestampVersion(new Date('2026-01-31T23:59:58.123Z'))).toBe('20260131235958');
  expect(fileSlug('  Add users & rôles! ')).toBe('add_users_rôles');
  expect(fileSlug('../../etc/passwd')).toBe('etc_passwd');
  expect(fileSlug('!')).toBe('migration');
});
