import { createHash } from "node:crypto";

/** What a secret is for: its first letters, by which people and scanners of code know it. */
export const SECRET_PREFIXES = { apiKey: "gh_", invitation: "ghi_" } as const;
export type SecretKind = keyof typeof SECRET_PREFIXES;

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/** 256 bits take 43 digits of 62, the checksum's 32 bits take 6. */
const SECRET_DIGITS = 43;
const CHECK_DIGITS = 6;
const SHOWN_DIGITS = 8;

/** A secret as it is handed out, once. */
export interface Secret {
  readonly text: string;
  /** Its beginning, which may be shown: it tells 48 bits of the 256. */
  readonly shown: string;
  readonly hash: string;
}

/**
 * Makes a secret from 32 random bytes: the prefix, 43 digits, and 6 digits of a checksum, so that a mistyped one is
 * refused without a look at the database, and a scanner that finds one knows it for certain.
 */
export function makeSecret(kind: SecretKind, random: Uint8Array): Secret {
  if (random.length !== 32) throw new Error("A secret is made from 32 bytes");
  const prefix = SECRET_PREFIXES[kind];
  const digits = toDigits(BigInt(`0x${Buffer.from(random).toString("hex")}`), SECRET_DIGITS);
  const text = prefix + digits + checksum(prefix + digits);
  return { text, shown: text.slice(0, prefix.length + SHOWN_DIGITS), hash: hashSecret(text) };
}

/** Whether a text has the form of such a secret, its checksum included. */
export function isSecret(kind: SecretKind, text: string): boolean {
  const prefix = SECRET_PREFIXES[kind];
  if (text.length !== prefix.length + SECRET_DIGITS + CHECK_DIGITS || !text.startsWith(prefix)) return false;
  if (!/^\w+$/.test(text)) return false;
  return checksum(text.slice(0, -CHECK_DIGITS)) === text.slice(-CHECK_DIGITS);
}

/** SHA-256 in hexadecimal. No salt and no slow hash: what is hashed is random and long, and cannot be guessed. */
export function hashSecret(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function checksum(text: string): string {
  return toDigits(BigInt(`0x${hashSecret(text).slice(0, 8)}`), CHECK_DIGITS);
}

function toDigits(value: bigint, length: number): string {
  let digits = "";
  for (let rest = value; digits.length < length; rest /= 62n) digits = ALPHABET[Number(rest % 62n)] + digits;
  return digits;
}
