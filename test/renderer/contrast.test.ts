/** The palettes of styles/tokens.css and styles/contrast.css against WCAG 2.2: 1.4.3 and 1.4.6 (text), 1.4.11 (signs). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const styles = join(import.meta.dirname, '..', '..', 'renderer', 'styles');
const css = ['tokens.css', 'contrast.css'].map((name) => readFileSync(join(styles, name), 'utf8')).join('\n');

/** The colours of a rule by its exact selector; a sheet may have it more than once. */
function coloursOf(selector: string): Record<string, string> {
  const rules = [...css.matchAll(/^(?<selector>[^\s@{}/][^{}\n]*) \{\n(?<body>(?: {2}[^\n]*\n)*)\}/gm)];
  const own = rules.filter((rule) => rule.groups?.['selector'] === selector);
  return Object.fromEntries(
    own.flatMap((rule) =>
      [...(rule.groups?.['body'] ?? '').matchAll(/--(?<name>[\w-]+): (?<colour>#[0-9a-f]{6});/g)].map(({ groups }) => [
        groups?.['name'] ?? '',
        groups?.['colour'] ?? '',
      ]),
    ),
  );
}

const light = coloursOf(':root');
const dark = { ...light, ...coloursOf(':root[data-mantine-color-scheme="dark"]') };
const contrast = { ...light, ...coloursOf(':root[data-contrast="more"]') };
const contrastDark = {
  ...dark,
  ...contrast,
  ...coloursOf(':root[data-contrast="more"][data-mantine-color-scheme="dark"]'),
};

const palettes = [
  { name: 'light', palette: light, text: 4.5 },
  { name: 'dark', palette: dark, text: 4.5 },
  { name: 'high contrast', palette: contrast, text: 7 },
  { name: 'high contrast dark', palette: contrastDark, text: 7 },
];

const grounds = ['bg', 'surface', 'sunken', 'hover', 'selected'];
const tones = ['ok', 'running', 'attention', 'danger', 'unknown', 'quiet'];
const environments = ['grey', 'blue', 'green', 'yellow', 'orange', 'red', 'violet', 'teal'];

describe.each(palettes)('$name', ({ palette, text }) => {
  test('text can be read on every ground', () => {
    const pairs = ['text', 'text-2', 'text-3'].flatMap((front) => grounds.map((back) => [front, back] as const));
    expect(tooFaint(palette, [...pairs, ['action-text', 'action'], ['action-text', 'action-hover']], text)).toEqual([]);
  });

  test('tones can be read on the surface and on their own soft ground', () => {
    const pairs = tones.flatMap((tone) => [[tone, 'surface'] as const, [tone, `${tone}-soft`] as const]);
    expect(tooFaint(palette, pairs, text)).toEqual([]);
  });

  test('SQL can be read', () => {
    // The soft grounds are those of what differs between two scripts.
    const parts = [...['keyword', 'string', 'number', 'type'].map((part) => `sql-${part}`), 'text', 'text-3'];
    const pairs = parts.flatMap((part) =>
      ['surface', 'danger-soft', 'ok-soft'].map((ground) => [part, ground] as const),
    );
    expect(tooFaint(palette, pairs, text)).toEqual([]);
  });

  test('the focus is seen', () => {
    expect(
      tooFaint(
        palette,
        grounds.map((back) => ['focus', back] as const),
        3,
      ),
    ).toEqual([]);
  });
});

// Elsewhere the edge is never alone: the environment's name and tier stand beside it.
test.each(palettes.filter(({ text }) => text === 7))(
  'borders and environments’ edges are seen by themselves in $name',
  ({ palette }) => {
    const edges = environments.map((colour) => [`env-${colour}`, 'surface'] as const);
    expect(tooFaint(palette, [...edges, ['line', 'surface'], ['line-strong', 'surface'], ['line', 'bg']], 3)).toEqual(
      [],
    );
  },
);

function tooFaint(
  palette: Readonly<Record<string, string>>,
  pairs: readonly (readonly [front: string, back: string])[],
  least: number,
): string[] {
  return pairs.flatMap(([front, back]) => {
    const found = ratio(palette[front] ?? '', palette[back] ?? '');
    return found >= least ? [] : [`${front} on ${back}: ${found.toFixed(2)}`];
  });
}

/** WCAG's contrast ratio of two `#rrggbb`, 1 to 21; not a number when one is missing. */
function ratio(one: string, other: string): number {
  const [lighter = Number.NaN, darker = Number.NaN] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(colour: string): number {
  const [red = Number.NaN, green = Number.NaN, blue = Number.NaN] = [1, 3, 5].map((from) => {
    const part = Number.parseInt(colour.slice(from, from + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
