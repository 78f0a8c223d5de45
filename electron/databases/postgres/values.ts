// Values of a query's rows: numbers and booleans where JavaScript holds them exactly, text for everything else.
import type { CustomTypesConfig } from 'pg';
import { types } from 'pg';

const { BOOL, INT2, INT4, OID, FLOAT4, FLOAT8, TIMESTAMP, TIMESTAMPTZ } = types.builtins;

/**
 * int8 and numeric stay text; both timestamp types become ISO 8601 in UTC with milliseconds. A timestamp without time
 * zone is taken as of `timeZone`, because that is how the server's now() fills such a column.
 */
export function rowTypes(timeZone: () => string): CustomTypesConfig {
  const readers = new Map<number, (text: string) => string | number | boolean>([
    [BOOL, (text) => text === 't'],
    ...[INT2, INT4, OID, FLOAT4, FLOAT8].map((type) => [type, Number] as const),
    [TIMESTAMPTZ, (text) => instant(text) ?? text],
    [TIMESTAMP, (text) => localInstant(text, timeZone()) ?? text],
  ]);
  const asText = (text: string): string => text;
  return { getTypeParser: (type: number) => readers.get(type) ?? asText };
}

const isoStyle = /^(\d{4,})-(\d\d)-(\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?([+-]\d\d(?::?\d\d)?(?::\d\d)?)?$/;

/** Null for `infinity`, years before Christ and other date styles, which stay as the server wrote them. */
function instant(text: string): string | null {
  const parts = isoStyle.exec(text);
  if (parts === null) return null;
  const [, year = '', month, day, time, fraction = '', zone = '+00'] = parts;
  if (year.length > 4) return null;
  const offset = zone.length === 3 ? `${zone}:00` : zone.slice(0, 6);
  const date = new Date(`${year}-${month}-${day}T${time}.${fraction.padEnd(3, '0').slice(0, 3)}${offset}`);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

function localInstant(text: string, timeZone: string): string | null {
  const asUtc = instant(text);
  if (asUtc === null) return null;
  const local = Date.parse(asUtc);
  const guess = local - offsetAt(local, timeZone);
  // The second look is for the hours around a change of the clocks.
  return new Date(local - offsetAt(guess, timeZone)).toISOString();
}

/** Milliseconds that the clocks of `timeZone` are ahead of UTC at an instant; 0 for a zone that only the server knows (POSIX style). */
function offsetAt(time: number, timeZone: string): number {
  const words = zoneFormat(timeZone)
    ?.formatToParts(time)
    .find((part) => part.type === 'timeZoneName')?.value;
  const parts = /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(words ?? '');
  if (parts === null) return 0;
  const [, sign, hours, minutes, seconds = '0'] = parts;
  return (sign === '-' ? -1000 : 1000) * (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds));
}

const formats = new Map<string, Intl.DateTimeFormat | null>();

function zoneFormat(timeZone: string): Intl.DateTimeFormat | null {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = newZoneFormat(timeZone);
  formats.set(timeZone, format);
  return format;
}

function newZoneFormat(timeZone: string): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
