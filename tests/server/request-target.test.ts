import type { IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import { normalizeTarget } from "../../src/server/request-target.ts";

function normalized(url: string) {
  const request = { url, headers: { host: "proxy.example" } };
  normalizeTarget(request as unknown as IncomingMessage);
  return { url: request.url, host: request.headers.host };
}

test.each([
  ["http://api.example:4000/graphql?query=%7Ba%7D", "/graphql?query=%7Ba%7D", "api.example:4000"],
  ["HTTP://api.example", "/", "api.example"],
  ["http://api.example?a=1#b", "/?a=1", "api.example"],
  ["http://ada@api.example/graphql", "/graphql", "api.example"],
  ["/graphql", "/graphql", "proxy.example"],
  // A byte that is no UTF-8, as Node gives it out, is still there to be refused.
  ["http://api.example/graphql?query=\u00e9", "/graphql?query=\u00e9", "api.example"],
])("%s is %s of %s", (sent, url, host) => {
  expect(normalized(sent)).toEqual({ url, host });
});
