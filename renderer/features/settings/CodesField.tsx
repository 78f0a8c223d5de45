import { LineField } from './LineField.tsx';
import { settingsTexts as texts } from './texts.ts';

interface CodesFieldProps {
  readonly labelled: { readonly 'aria-labelledby': string };
  readonly value: unknown;
  readonly say: (value: unknown) => void;
}

/** Codes in one line, with commas or blanks between. */
export function CodesField({ labelled, value, say }: CodesFieldProps) {
  const shown = Array.isArray(value) ? value.join(', ') : '';
  const leave = (text: string): void => {
    if (text !== shown) say([...new Set(text.split(/[\s,]+/).filter((code) => code !== ''))]);
  };
  return <LineField labelled={labelled} shown={shown} none={texts.noCodes} onLeave={leave} />;
}
