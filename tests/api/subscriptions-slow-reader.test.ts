import { expect, test } from "vitest";
import { graphql } from "../generated/gql.ts";
import { startApp } from "../support/app.ts";
import { subscribe, TRANSPORTS } from "../support/subscription.ts";
import { UpdateProject } from "./support/commands.ts";
import { Founder } from "./support/founder.ts";
import { nextEvent, nextSequences, ProjectStream } from "./support/streams.ts";

/** With descriptions of 10,000 characters, events of 1.2 MB: a few fill what a connection holds on its way. */
const HeavyStream = graphql(/* GraphQL */ `
  subscription HeavyStream($projectId: ID!, $after: String) {
    projectEvents(projectId: $projectId, after: $after) {
      ...TenTimes
      project {
        endCursor
      }
    }
  }
  fragment TenTimes on Event {
    sequence
    cursor
    a: project { ...Descriptions }
    b: project { ...Descriptions }
    c: project { ...Descriptions }
    d: project { ...Descriptions }
    e: project { ...Descriptions }
    f: project { ...Descriptions }
  }
  fragment Descriptions on Project {
    a: description
    b: description
    c: description
    d: description
    e: description
    f: description
    g: description
    h: description
    i: description
    j: description
    k: description
    l: description
    m: description
    n: description
    o: description
    p: description
    q: description
    r: description
    s: description
    t: description
  }
`);
const MAX_BEHIND = 5;
const WRITTEN = 50;

test.each(
  TRANSPORTS,
)("a client that does not read over %s is ended with where to go on, and loses nothing; others notice nothing", async (transport) => {
  const { url } = await startApp({ maxBehind: MAX_BEHIND });
  const founder = new Founder({ url });
  const projectId = await founder.project();
  const { startCursor } = await founder.log(projectId);
  const variables = { projectId, after: startCursor };
  const slow = await subscribe(transport, url, HeavyStream, variables);
  const quick = await subscribe(transport, url, ProjectStream, variables);
  expect((await nextEvent(slow)).sequence).toBe(1);
  expect((await nextEvent(quick)).sequence).toBe(1);

  slow.pause();
  const description = "x".repeat(10_000);
  for (let sequence = 2; sequence <= WRITTEN; sequence++) {
    await founder.succeed(UpdateProject, { projectId, description });
    expect((await nextEvent(quick)).sequence).toBe(sequence);
  }
  slow.resume();

  let last = { sequence: 1, cursor: "" };
  let errors: unknown;
  while (!errors) {
    const result = await slow.next();
    errors = result?.errors;
    const event = result?.data?.projectEvents;
    if (!event) continue;
    expect(event.sequence).toBe(last.sequence + 1);
    last = event;
  }
  // The server has not gone on reading and formatting for somebody who takes nothing.
  expect(last.sequence).toBeLessThan(WRITTEN - MAX_BEHIND);
  expect(errors).toMatchObject([{ extensions: { code: "SLOW_READER", resumeAfter: last.cursor } }]);
  expect(await slow.next()).toBeNull();

  const resumed = await subscribe(transport, url, ProjectStream, { projectId, after: last.cursor });
  const missed = WRITTEN - last.sequence;
  expect(await nextSequences(resumed, missed)).toEqual(
    Array.from({ length: missed }, (_, index) => last.sequence + 1 + index),
  );
});
