/** The character codes of Crockford's alphabet in lower case, as TypeIDs use it. */
const CODES = Uint8Array.from("0123456789abcdefghjkmnpqrstvwxyz", (digit) => digit.charCodeAt(0));

/** What a hexadecimal digit's character code stands for. */
const NIBBLES = new Uint8Array(128);
for (const [value, digit] of [..."0123456789abcdef"].entries()) {
  NIBBLES[digit.charCodeAt(0)] = value;
  NIBBLES[digit.toUpperCase().charCodeAt(0)] = value;
}

/**
 * A UUID's 128 bits as the 26 characters of a TypeID's suffix. The same as typeid-js, which goes through two arrays and
 * an object for each; a page has hundreds of ids. Made as one string: what is put together of pieces is copied once more where
 * it is written.
 *
 * @param uuid in its canonical form
 */
export function base32(uuid: string): string {
  // Two digits, then five at a time: the dashes are at 8, 13, 18 and 23.
  const first = (nibble(uuid, 0) << 4) | nibble(uuid, 1);
  const a = twentyBits(uuid, 2, 3, 4, 5, 6);
  const b = twentyBits(uuid, 7, 9, 10, 11, 12);
  const c = twentyBits(uuid, 14, 15, 16, 17, 19);
  const d = twentyBits(uuid, 20, 21, 22, 24, 25);
  const e = twentyBits(uuid, 26, 27, 28, 29, 30);
  const f = twentyBits(uuid, 31, 32, 33, 34, 35);
  // biome-ignore format: a line for each group
  return String.fromCharCode(
    code(first, 5), code(first, 0),
    code(a, 15), code(a, 10), code(a, 5), code(a, 0),
    code(b, 15), code(b, 10), code(b, 5), code(b, 0),
    code(c, 15), code(c, 10), code(c, 5), code(c, 0),
    code(d, 15), code(d, 10), code(d, 5), code(d, 0),
    code(e, 15), code(e, 10), code(e, 5), code(e, 0),
    code(f, 15), code(f, 10), code(f, 5), code(f, 0),
  );
}

/** What the hexadecimal digits at these places write. */
function twentyBits(uuid: string, a: number, b: number, c: number, d: number, e: number): number {
  return (
    (nibble(uuid, a) << 16) |
    (nibble(uuid, b) << 12) |
    (nibble(uuid, c) << 8) |
    (nibble(uuid, d) << 4) |
    nibble(uuid, e)
  );
}

/** The character of five bits. @param below how many bits are below them */
function code(bits: number, below: number): number {
  return CODES[(bits >> below) & 31] ?? 0;
}

function nibble(uuid: string, at: number): number {
  return NIBBLES[uuid.charCodeAt(at)] ?? 0;
}
