import { describe, expect, test } from 'vitest';
import { commandOf, isPlain, type KeyPress, keyCaps, pressMeans } from '../../renderer/commands/keys.ts';
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
    expect(commandOf(press('m'), false)).toBe('environment.migrate');
    expect(commandOf(press('m', { ctrlKey: true }), false)).toBeNull();
    expect(commandOf(press('m', { altKey: true }), false)).toBeNull();
  });

  test('a capital letter is the same key; a shifted sign is its own', () => {
    expect(commandOf(press('M'), false)).toBe('environment.migrate');
    expect(commandOf(press('?'), false)).toBe('shortcuts.show');
    expect(commandOf(press('/'), false)).toBe('view.filter');
  });

  test('plain characters belong to a field', () => {
    expect(isPlain(press('m'))).toBe(true);
    expect(isPlain(press('Enter'))).toBe(false);
    expect(isPlain(press('k', { ctrlKey: true }))).toBe(false);
  });

  test('caps are named as on the keyboard', () => {
    expect(keyCaps('mod+k', false)).toEqual(['Ctrl', 'K']);
    expect(keyCaps('mod+Enter', true)).toEqual(['⌘', 'Enter']);
  });
});

test('no two commands that can be given at once share a key', () => {
  const taken = new Map<string, string>();
  for (const { id, keys } of commands) {
    for (const key of keys) {
      expect(taken.get(key), `${key} of ${id}`).toBeUndefined();
      taken.set(key, id);
    }
  }
});
