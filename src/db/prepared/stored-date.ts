/**
 * A time as PostgreSQL writes it in UTC: a column's text ("2026-11-28 17:20:52.123+00") or in JSON
 * ("2026-11-28T17:20:52.123+00:00"), zeros at the end of the milliseconds left out.
 */
export function storedDate(text: string): Date {
  const zone = text.length - (text.endsWith("+00:00") ? 6 : 3);
  // Below 100 the language takes a year for one of the twentieth century.
  if (text.charCodeAt(4) !== DASH || !text.startsWith("+00", zone) || zone > 23 || text < "01")
    return parsed(text);
  // Written out, for a page has hundreds: the language's own parser takes longer.
  let milliseconds = 0;
  for (let at = 20; at < 23; at += 1) {
    milliseconds = milliseconds * 10 + (at < zone ? text.charCodeAt(at) - ZERO : 0);
  }
  const year = two(text, 0) * 100 + two(text, 2);
  return new Date(
    Date.UTC(year, two(text, 5) - 1, two(text, 8), two(text, 11), two(text, 14), two(text, 17), milliseconds),
  );
}

/** Days, years of more digits, and other zones, which no session of ours has. */
function parsed(text: string): Date {
  return new Date(text.replace(" ", "T").replace(/(:\d\d(\.\d+)?)([+-]\d\d)$/, "$1$3:00"));
}

const ZERO = 48;
const DASH = 45;

/** The number that two digits write. */
function two(text: string, at: number): number {
  return (text.charCodeAt(at) - ZERO) * 10 + text.charCodeAt(at + 1) - ZERO;
}
