import type { Words } from '../splitting/words.ts';

/** Clauses of ALTER TABLE that change nothing when they are run again. */
const harmless = [
  ...[
    'FORCE',
    'ENGINE',
    'ALGORITHM',
    'LOCK',
    'ENABLE KEYS',
    'DISABLE KEYS',
    'ORDER BY',
    'AUTO_INCREMENT',
    'ROW_FORMAT',
  ],
  ...[
    'CONVERT TO',
    'ANALYZE PARTITION',
    'CHECK PARTITION',
    'OPTIMIZE PARTITION',
    'REBUILD PARTITION',
    'REPAIR PARTITION',
  ],
  ...['ADD COLUMN IF NOT EXISTS', 'ADD IF NOT EXISTS', 'ADD INDEX IF NOT EXISTS', 'ADD KEY IF NOT EXISTS'],
  ...['ADD UNIQUE INDEX IF NOT EXISTS', 'ADD UNIQUE KEY IF NOT EXISTS', 'ADD UNIQUE IF NOT EXISTS'],
  ...['ADD CONSTRAINT IF NOT EXISTS', 'ADD FOREIGN KEY IF NOT EXISTS', 'ADD PARTITION IF NOT EXISTS'],
];

/** After the table's name; takes nothing. */
export const isRepeatableAlter = (words: Words): boolean =>
  words.ahead((clauses) => {
    let isHarmless = !clauses.ended;
    while (!clauses.ended && isHarmless) {
      isHarmless = clauses.oneOf(...harmless) !== '';
      for (let depth = 0; !clauses.ended; ) {
        const { text } = clauses.next();
        if (text === '(') depth++;
        if (text === ')') depth--;
        if (text === ',' && depth === 0) break;
      }
    }
    return isHarmless;
  });
