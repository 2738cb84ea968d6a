import { describe, expect, test } from "vitest";
import { useApp } from "../../support/app.ts";
import { readDiscussion, StartDiscussion, untilQuiet } from "../support/discussions.ts";
import { Founder } from "../support/founder.ts";

const app = useApp();
const founder = new Founder(app);

describe("startDiscussion", () => {
  test("smoke", async () => {
    await founder.enlargePlan();
    const projectId = await founder.project("Shelf");
    const input = {
      projectId,
      question: "Do we build for shops with barcodes first?",
      type: "DISCUSS",
      peerRanking: true,
    } as const;
    const { discussion } = await founder.succeed(StartDiscussion, input);
    const done = await untilQuiet(founder, discussion.id);
    console.log(JSON.stringify(done, null, 1));
    console.log((await readDiscussion(founder, discussion.id)).markdown);
    expect(done.status).toBe("ACTIVE");
  });
});
