/** Crockford's alphabet in lower case, as TypeIDs use it. */
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
/** The two characters of each 10 bits. */
const PAIRS = Array.from({ length: 1024 }, (_, bits) => `${ALPHABET[bits >> 5]}${ALPHABET[bits & 31]}`);

/**
 * A UUID's 128 bits as the 26 characters of a TypeID's suffix. The same as typeid-js, which goes through two arrays and
 * an object for each; a page has hundreds of ids.
 *
 * @param uuid in its canonical form
 */
export function base32(uuid: string): string {
  const hex = `${uuid.slice(0, 8)}${uuid.slice(9, 13)}${uuid.slice(14, 18)}${uuid.slice(19, 23)}${uuid.slice(24)}`;
  let text = PAIRS[Number.parseInt(hex.slice(0, 2), 16)] ?? "";
  for (let at = 2; at < 32; at += 5) {
    const bits = Number.parseInt(hex.slice(at, at + 5), 16);
    text += `${PAIRS[bits >> 10]}${PAIRS[bits & 1023]}`;
  }
  return text;
}
