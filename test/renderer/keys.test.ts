import { describe, expect, test } from 'vitest';
import { commandsOf, isEditing, isPlain, type KeyPress, keyCaps, pressMeans } from '../../renderer/commands/keys.ts';
import { screens } from '../../renderer/shell/screens.ts';
import { commands } from '../../shared/commands.ts';

const press = (key: string, held: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...held,
});

describe('key presses', () => {
  test('mod is Ctrl, and Cmd on macOS', () => {
    expect(pressMeans(press('k', { ctrlKey: true }), 'mod+k', false)).toBe(true);
    expect(pressMeans(press('k', { metaKey: true }), 'mod+k', true)).toBe(true);
    expect(pressMeans(press('k', { ctrlKey: true }), 'mod+k', true)).toBe(false);
    expect(pressMeans(press('k'), 'mod+k', false)).toBe(false);
  });

  test('a letter with Ctrl is not the letter', () => {
    expect(commandsOf(press('m'), false)).toContain('environment.migrate');
    expect(commandsOf(press('m', { ctrlKey: true }), false)).toEqual([]);
    expect(commandsOf(press('m', { altKey: true }), false)).toEqual([]);
  });

  test('a capital letter is the same key; a shifted sign is its own', () => {
    expect(commandsOf(press('M'), false)).toContain('environment.migrate');
    expect(commandsOf(press('?'), false)).toEqual(['shortcuts.show']);
    expect(commandsOf(press('/'), false)).toEqual(['view.filter']);
  });

  test('plain characters belong to a field', () => {
    expect(isPlain(press('m'))).toBe(true);
    expect(isPlain(press('Enter'))).toBe(false);
    expect(isPlain(press('k', { ctrlKey: true }))).toBe(false);
  });

  test('undo in a field is the field’s own', () => {
    expect(isEditing(press('z', { ctrlKey: true }))).toBe(true);
    expect(isEditing(press('Enter', { ctrlKey: true }))).toBe(false);
    expect(isEditing(press('z'))).toBe(false);
  });

  test('caps are named as on the keyboard', () => {
    expect(keyCaps('mod+k', false)).toEqual(['Ctrl', 'K']);
    expect(keyCaps('mod+Enter', true)).toEqual(['⌘', 'Enter']);
    expect(keyCaps('mod++', false)).toEqual(['Ctrl', '+']);
  });
});

test('no two commands of one kind of screen share a key, and none has one that is meant everywhere', () => {
  const taken = new Map<string, string>();
  const everywhere = new Set<string>(
    commands.filter(({ where }) => where === 'everywhere').flatMap(({ keys }) => keys),
  );
  for (const { id, keys, where } of commands) {
    for (const key of keys) {
      expect(taken.get(`${where} ${key}`), `${key} of ${id}`).toBeUndefined();
      if (where !== 'everywhere') expect(everywhere.has(key), `${key} of ${id}`).toBe(false);
      taken.set(`${where} ${key}`, id);
    }
  }
});

test('the screens have the digits in their order, and each a command', () => {
  expect(screens.map(({ key }) => key)).toEqual(screens.map((_, index) => String(index + 1)));
  for (const { command, key } of screens)
    expect(commands.find(({ id }) => id === command)?.keys, command).toContain(key);
});
