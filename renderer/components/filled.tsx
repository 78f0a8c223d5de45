/** A sentence of a catalogue with elements in its places, so that a translation may order them as its language does. */
import { Fragment, type ReactNode } from 'react';

/** `{name}` in the text stands for the part of that name. */
export function filled(text: string, parts: Readonly<Record<string, ReactNode>>): ReactNode {
  return text
    .split(/\{(\w+)\}/)
    .map((piece, at) => (at % 2 === 0 ? piece : <Fragment key={piece}>{parts[piece]}</Fragment>));
}
