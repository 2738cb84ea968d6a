import { isIPv4, isIPv6 } from "node:net";
import type { Viewer } from "./viewer.ts";

/** Whose requests are counted together: an API key's by themselves, so that an agent does not use up its user's. */
export function principalOf({ userId, key }: Viewer): string {
  return key ? `key:${key.id}` : `user:${userId}`;
}

/**
 * Under what the failed attempts from an address are counted. Of an IPv6 address that is its network of 64 bits, which
 * one machine may have to itself.
 */
export function addressKey(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, "").replace(/%.*$/, "");
  if (isIPv4(plain) || !isIPv6(plain)) return `address:${plain}`;
  const [head = "", tail] = plain.toLowerCase().split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length;
  const groups = [...left, ...Array<string>(Math.max(0, zeros)).fill("0"), ...right];
  const network = groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `address:${network.join(":")}::/64`;
}
