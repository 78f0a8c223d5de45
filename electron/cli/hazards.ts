/** Hazards for a person: what a statement does, what to do instead, and the safe way as SQL. */
import type { Hazard } from '../../shared/model/plan.ts';
import { plain, type Style, type Terminal } from './terminal.ts';

const marks: Readonly<Record<Hazard['severity'], { readonly glyph: string; readonly style: Style }>> = {
  notice: { glyph: '·', style: 'dim' },
  warning: { glyph: '▲', style: 'yellow' },
  danger: { glyph: '✕', style: 'red' },
};

export const hazardLines = (hazards: readonly Hazard[], terminal: Terminal): string[] =>
  hazards.flatMap((hazard) => linesOf(hazard, terminal));

function linesOf({ code, severity, line, message, remedy, rewrite, accepted }: Hazard, terminal: Terminal): string[] {
  const { glyph, style } = marks[severity];
  const place = line === null ? '' : ` line ${line}`;
  return [
    `  ${terminal.style(style, glyph)} ${code}${place}: ${plain(message)}`,
    ...(remedy === undefined ? [] : [`      instead: ${plain(remedy)}`]),
    ...(rewrite === undefined ? [] : rewrite.split('\n').map((sql) => terminal.style('dim', `        ${plain(sql)}`))),
    ...(accepted === undefined ? [] : [`      accepted in the file: ${plain(accepted)}`]),
  ];
}
