/**
 * A time as PostgreSQL writes it in UTC: a column's text ("2026-11-28 17:20:52.123+00") or in JSON
 * ("2026-11-28T17:20:52.123+00:00"), zeros at the end of the milliseconds left out.
 */
export function storedDate(text: string): Date {
  const zone = text.length - (text.charCodeAt(text.length - 3) === COLON ? 6 : 3);
  // Written out, for a page has hundreds: the language's own parser takes ten times as long for a time with an offset.
  if (text.charCodeAt(4) !== DASH || text.charCodeAt(zone) !== PLUS || zone > 23 || zone < 19) {
    return new Date(text.replace(" ", "T"));
  }
  let milliseconds = 0;
  for (let at = 20; at < 23; at += 1) {
    milliseconds = milliseconds * 10 + (at < zone ? text.charCodeAt(at) - ZERO : 0);
  }
  const year = two(text, 0) * 100 + two(text, 2);
  // Below 100 the language means the twentieth century.
  if (year < 100) return new Date(text.replace(" ", "T"));
  return new Date(
    Date.UTC(year, two(text, 5) - 1, two(text, 8), two(text, 11), two(text, 14), two(text, 17), milliseconds),
  );
}

const ZERO = 48;
const COLON = 58;
const DASH = 45;
const PLUS = 43;

/** The number that two digits write. */
function two(text: string, at: number): number {
  return (text.charCodeAt(at) - ZERO) * 10 + text.charCodeAt(at + 1) - ZERO;
}
