import { expect, test } from "vitest";
import { lazy } from "../../src/schema/lazy.ts";

test("a lazy object is made when it is first asked for, once, also through a copy of what holds it", () => {
  let made = 0;
  const held = {
    words: lazy(() => {
      made += 1;
      return { hello: () => `hello ${made}` };
    }),
  };
  const copy = Object.assign({}, held);
  expect(made).toBe(0);
  expect([copy.words.hello(), held.words.hello()]).toEqual(["hello 1", "hello 1"]);
});
