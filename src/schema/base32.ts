/** Crockford's alphabet in lower case, as TypeIDs use it. */
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
/** The two characters of each 10 bits. */
const PAIRS = Array.from({ length: 1024 }, (_, bits) => `${ALPHABET[bits >> 5]}${ALPHABET[bits & 31]}`);

/** What a hexadecimal digit's character code stands for. */
const NIBBLES = new Uint8Array(128);
for (const [value, digit] of [..."0123456789abcdef"].entries()) {
  NIBBLES[digit.charCodeAt(0)] = value;
  NIBBLES[digit.toUpperCase().charCodeAt(0)] = value;
}

/**
 * A UUID's 128 bits as the 26 characters of a TypeID's suffix. The same as typeid-js, which goes through two arrays and
 * an object for each; a page has hundreds of ids.
 *
 * @param uuid in its canonical form
 */
export function base32(uuid: string): string {
  // Two digits, then five at a time: the dashes are at 8, 13, 18 and 23.
  const first = PAIRS[(nibble(uuid, 0) << 4) | nibble(uuid, 1)] ?? "";
  return (
    first +
    four(uuid, 2, 3, 4, 5, 6) +
    four(uuid, 7, 9, 10, 11, 12) +
    four(uuid, 14, 15, 16, 17, 19) +
    four(uuid, 20, 21, 22, 24, 25) +
    four(uuid, 26, 27, 28, 29, 30) +
    four(uuid, 31, 32, 33, 34, 35)
  );
}

/** The four characters of the 20 bits that the digits at these places write. */
function four(uuid: string, a: number, b: number, c: number, d: number, e: number): string {
  const high = (nibble(uuid, a) << 6) | (nibble(uuid, b) << 2) | (nibble(uuid, c) >> 2);
  const low = ((nibble(uuid, c) & 3) << 8) | (nibble(uuid, d) << 4) | nibble(uuid, e);
  return `${PAIRS[high]}${PAIRS[low]}`;
}

function nibble(uuid: string, at: number): number {
  return NIBBLES[uuid.charCodeAt(at)] ?? 0;
}
