import type { IncomingMessage } from "node:http";
import { describe, expect, it } from "vitest";
import { remoteAddress } from "../../src/server/remote-address.ts";

const PROXY = "10.0.0.1";

/** What is taken for the address of a request that came through these proxies with these headers. */
function addressOf(headers: Record<string, string>, trustedProxies = 1): string {
  return remoteAddress(
    { socket: { remoteAddress: PROXY }, headers } as unknown as IncomingMessage,
    trustedProxies,
  );
}

describe("the address of a request behind a proxy", () => {
  it.each([
    ["192.0.2.7", "192.0.2.7"],
    ["192.0.2.7:4711", "192.0.2.7"],
    ["2001:db8::7", "2001:db8::7"],
    ["[2001:db8::7]", "2001:db8::7"],
    ["[2001:db8::7]:4711", "2001:db8::7"],
    ["203.0.113.9, 192.0.2.7:80", "192.0.2.7"],
    ["unknown", PROXY],
    ["192.0.2.7:80:90", PROXY],
    ["[192.0.2.7", PROXY],
    ["", PROXY],
  ])("is read from X-Forwarded-For: %s", (text, expected) => {
    expect(addressOf({ "x-forwarded-for": text })).toBe(expected);
  });

  it.each([
    ["for=192.0.2.7", "192.0.2.7"],
    ['For="[2001:db8:cafe::17]:4711"', "2001:db8:cafe::17"],
    ["for=192.0.2.7;proto=http;by=203.0.113.43", "192.0.2.7"],
    ["proto=https; for=192.0.2.7:80", "192.0.2.7"],
    ['for=203.0.113.9, for="192.0.2.7:80";host="a,b;c"', "192.0.2.7"],
    [", for=192.0.2.7,", "192.0.2.7"],
    ['for="192.0.2\\.7"', "192.0.2.7"],
    ["for=unknown", PROXY],
    ['for="_hidden"', PROXY],
    ["for=192.0.2.7, by=203.0.113.43", PROXY],
    ["192.0.2.7", PROXY],
    // A quote that a client left open does not hide what the proxy has appended.
    ['for="203.0.113.9, for=192.0.2.7', PROXY],
    ['for="203.0.113.9, for="[2001:db8::7]:80"', PROXY],
  ])("is read from Forwarded: %s", (text, expected) => {
    expect(addressOf({ forwarded: text })).toBe(expected);
  });

  it("is the one that the outermost of several has seen", () => {
    const hops = "203.0.113.9, 192.0.2.7:80, 10.0.0.2";
    expect(addressOf({ "x-forwarded-for": hops }, 2)).toBe("192.0.2.7");
    expect(addressOf({ forwarded: "for=203.0.113.9, for=192.0.2.7, for=10.0.0.2" }, 2)).toBe("192.0.2.7");
    expect(addressOf({ "x-forwarded-for": hops }, 4)).toBe(PROXY);
  });

  it("is the proxy's own where the two headers disagree: one of them is the client's", () => {
    expect(addressOf({ "x-forwarded-for": "192.0.2.7", forwarded: "for=192.0.2.7:80" })).toBe("192.0.2.7");
    expect(addressOf({ "x-forwarded-for": "192.0.2.7", forwarded: "for=203.0.113.9" })).toBe(PROXY);
    expect(addressOf({ "x-forwarded-for": "192.0.2.7", forwarded: "for=unknown" })).toBe(PROXY);
  });

  it("is the connection's where no proxy is trusted", () => {
    expect(addressOf({ "x-forwarded-for": "192.0.2.7", forwarded: "for=192.0.2.7" }, 0)).toBe(PROXY);
  });
});
