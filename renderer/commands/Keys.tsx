import { keyCaps, onMac } from './keys.ts';

/** A key combination as caps. */
export function Keys({ keys }: { keys: string }) {
  return (
    <span className="row" style={{ gap: 3 }}>
      {keyCaps(keys, onMac()).map((cap) => (
        <kbd key={cap} className="key">
          {cap}
        </kbd>
      ))}
    </span>
  );
}
