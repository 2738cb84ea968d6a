import { describe, expect, test } from "vitest";
import { useApp } from "../support/app.ts";
import { bombs } from "../support/bombs.ts";
import { send } from "../support/client.ts";

// What they cost the server is measured, not tested: `npm run bench:bombs`.
const app = useApp();
const SUBSCRIPTION = { query: "subscription { viewerEvents { id } }" };

describe("is refused while others are served:", () => {
  test.each(bombs(SUBSCRIPTION).map((bomb) => [bomb.name, bomb] as const))("%s", async (_name, bomb) => {
    const others = Array.from({ length: 5 }, () => send(app.url, "{ viewer { id } }"));
    const refused = bomb.send(app.url);
    const late = Array.from({ length: 5 }, () => send(app.url, "{ viewer { id } }"));
    expect(await refused).toBe(bomb.refusal);
    for (const { status, data } of await Promise.all([...others, ...late])) {
      expect([status, data]).toEqual([200, { viewer: { id: expect.stringMatching(/^user_/) } }]);
    }
  });
});
