import fc from "fast-check";
import { expect, test } from "vitest";
import { hashSecret, isSecret, makeSecret } from "../../../src/domain/account/secret.ts";

const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 });

test("a secret has the form that its checksum says, and shows its beginning only", () => {
  fc.assert(
    fc.property(bytes, (random) => {
      const { text, shown, hash } = makeSecret("apiKey", random);
      expect(text).toMatch(/^gh_[0-9A-Za-z]{49}$/);
      expect(text.startsWith(shown)).toBe(true);
      expect(shown).toHaveLength(11);
      expect(isSecret("apiKey", text)).toBe(true);
      expect(isSecret("invitation", text)).toBe(false);
      expect(hash).toBe(hashSecret(text));
    }),
  );
});

test("different bytes make different secrets", () => {
  const least = makeSecret("apiKey", new Uint8Array(32));
  const most = makeSecret("apiKey", new Uint8Array(32).fill(255));
  const last = makeSecret("apiKey", new Uint8Array(32).fill(1, 31));
  expect(new Set([least.text, most.text, last.text]).size).toBe(3);
});

test("one letter mistyped is no secret", () => {
  fc.assert(
    fc.property(bytes, fc.integer({ min: 3, max: 51 }), (random, place) => {
      const { text } = makeSecret("apiKey", random);
      const other = text[place] === "a" ? "b" : "a";
      expect(isSecret("apiKey", text.slice(0, place) + other + text.slice(place + 1))).toBe(false);
    }),
  );
});
