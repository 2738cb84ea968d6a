import { beforeAll, describe, expect, test } from "vitest";
import { graphql } from "../../generated/gql.ts";
import type { StartDiscussionInput as Start } from "../../generated/graphql.ts";
import { useApp } from "../../support/app.ts";
import { TalkRunner, talkative } from "../../support/talk-runner.ts";
import { ArchiveProject, OpenGate } from "../support/commands.ts";
import {
  AddRound,
  CompleteDiscussion,
  PostMessage,
  readDiscussion,
  StartDiscussion,
  SummarizeConsensus,
  UpdateProjectSettings,
  untilQuiet,
} from "../support/discussions.ts";
import { Founder } from "../support/founder.ts";
import { fingerprint } from "../support/rows.ts";

const runner = new TalkRunner(["claude", "gpt", "gemini", "local", "extra"]);
const app = useApp({ runner });
const founder = new Founder(app);
const question = "Do we build it?";

beforeAll(async () => {
  await founder.enlargePlan();
});

/** A discussion of a project of its own, whose models answer at once. */
async function talk(input: object = {}) {
  runner.respond = talkative(runner);
  const projectId = await founder.project();
  const { discussion } = await founder.succeed(StartDiscussion, {
    projectId,
    question,
    type: "OPEN",
    models: ["claude", "gpt", "gemini"],
    ...input,
  });
  return { projectId, ...(await untilQuiet(founder, discussion.id)) };
}

/** A discussion whose two models have been asked and say nothing until `end`. */
async function hanging() {
  runner.respond = () => {};
  const projectId = await founder.project();
  const asked = runner.calls.length;
  const input = { projectId, question, type: "OPEN", models: ["claude", "gpt"] } satisfies Start;
  const { discussion } = await founder.succeed(StartDiscussion, input);
  await expect.poll(() => runner.calls.length).toBe(asked + 2);
  const end = () => {
    for (const call of runner.calls.slice(asked)) call.say("Yes.").end();
  };
  return { projectId, id: discussion.id, end };
}

describe("startDiscussion", () => {
  test("begins at once, and the models speak by themselves", async () => {
    runner.respond = talkative(runner);
    const projectId = await founder.project();
    const input = {
      projectId,
      question,
      type: "DISCUSS",
      models: ["gpt", "claude"],
      rounds: 2,
    } satisfies Start;
    const { discussion, events } = await founder.succeed(StartDiscussion, input);
    expect(discussion).toMatchObject({
      question,
      type: "DISCUSS",
      status: "ACTIVE",
      activity: "ROUND",
      models: ["gpt", "claude"],
      plannedRounds: 2,
      consensusThreshold: 0.8,
      rounds: [{ roundNumber: 1, type: "PARALLEL", status: "RUNNING", isPlanned: true }],
    });
    expect(events.map(({ type, subject }) => [type, subject])).toEqual([
      ["discussion_started", "DISCUSSION"],
      ["round_started", "DISCUSSION"],
    ]);
    const done = await untilQuiet(founder, discussion.id);
    expect(done.endedEarly).toBe(true);
    expect(done.rounds[0]?.messages.map(({ model, status, kind }) => [model, status, kind])).toEqual([
      ["gpt", "COMPLETED", "ANSWER"],
      ["claude", "COMPLETED", "ANSWER"],
    ]);
    expect(done.consensus).toMatchObject({
      score: 1,
      roundNumber: 1,
      generatedBy: "gpt",
      agreements: [{ statement: "They agree.", cites: [{ model: "gpt" }, { model: "claude" }] }],
    });
    const log = await founder.log(projectId);
    expect(log.verification?.ok).toBe(true);
    const ours = log.events.filter(({ subject }) => subject === "DISCUSSION");
    expect(new Set(ours.map(({ correlationId }) => correlationId)).size).toBe(1);
  });

  test("asks the project's models unless told, and the first ones that the plan allows until they are set", async () => {
    const projectId = await founder.project();
    await founder.succeed(UpdateProjectSettings, { projectId, models: ["local", "gpt"], defaultRounds: 1 });
    runner.respond = talkative(runner);
    const { discussion } = await founder.succeed(StartDiscussion, { projectId, question, type: "DISCUSS" });
    expect(discussion).toMatchObject({ models: ["local", "gpt"], plannedRounds: 1 });
    await untilQuiet(founder, discussion.id);
  });

  test.each<[what: string, input: object, path: string, message: string]>([
    ["no models", { models: [] }, "models", "must name at least one model"],
    [
      "50 models",
      { models: Array.from({ length: 50 }, (_, i) => `m${i}`) },
      "models",
      "must not be more than 10 models",
    ],
    ["a model twice", { models: ["gpt", "gpt"] }, "models", "must not name a model twice"],
    [
      "an unknown model",
      { models: ["gpt", "grok"] },
      "models",
      'must name models that there are: claude, gpt, gemini, local, extra; not "grok"',
    ],
    ["no rounds", { rounds: 0 }, "rounds", "must be at least 1"],
    ["11 rounds", { rounds: 11 }, "rounds", "must not be more than 10"],
    [
      "100,000 characters",
      { question: "x".repeat(100_000) },
      "question",
      "must not be longer than 10,000 characters",
    ],
  ])("refuses %s, and nothing is written", async (_what, change, path, message) => {
    const projectId = await founder.project();
    const before = await fingerprint(app);
    const input = { projectId, question, type: "DISCUSS" as const, ...change };
    expect(await founder.run(StartDiscussion, input)).toMatchObject({
      __typename: "ValidationError",
      issues: [{ path, message }],
    });
    expect(await fingerprint(app)).toBe(before);
  });
});

describe("a plan", () => {
  test("says how many models may take part", async () => {
    const projectId = await founder.project();
    await app.database.prisma.user.updateMany({ data: { plan: "BOOTSTRAPPER" } });
    try {
      const models = ["claude", "gpt", "gemini"];
      const limited = { __typename: "QuotaExceededError", limit: 2, used: 3 };
      const input = { projectId, question, type: "OPEN", models } as const;
      expect(await founder.run(StartDiscussion, input)).toMatchObject(limited);
      expect(await founder.run(UpdateProjectSettings, { projectId, models })).toMatchObject(limited);
      const { node } = await founder.read(ProjectModels, { id: projectId });
      expect(node).toMatchObject({ models: ["claude", "gpt"], owner: { planTier: { maxModels: 2 } } });
    } finally {
      await app.database.prisma.user.updateMany({ data: { plan: "CTO_SCALE" } });
    }
  });

  test("whose tokens of the day are used up refuses whatever would ask a model", async () => {
    const { id, projectId } = await talk();
    await app.database.prisma.planTier.update({ where: { plan: "CTO_SCALE" }, data: { tokensPerDay: 1 } });
    try {
      const before = await fingerprint(app);
      const refused = { __typename: "QuotaExceededError" };
      expect(await founder.run(StartDiscussion, { projectId, question, type: "OPEN" })).toMatchObject(
        refused,
      );
      expect(await founder.run(AddRound, { discussionId: id })).toMatchObject(refused);
      expect(await founder.run(PostMessage, { discussionId: id, content: "@gpt?" })).toMatchObject(refused);
      expect(await founder.run(SummarizeConsensus, { discussionId: id })).toMatchObject(refused);
      expect(await fingerprint(app)).toBe(before);
      expect(await founder.run(PostMessage, { discussionId: id, content: "Well." })).toMatchObject({
        __typename: "PostMessageSuccess",
      });
    } finally {
      await app.database.prisma.planTier.update({
        where: { plan: "CTO_SCALE" },
        data: { tokensPerDay: 10_000_000 },
      });
    }
  });
});

const ProjectModels = graphql(/* GraphQL */ `
  query ProjectModels($id: ID!) {
    node(id: $id) {
      ... on Project {
        models
        owner {
          planTier {
            maxModels
          }
        }
      }
    }
    models
  }
`);

describe("updateProjectSettings", () => {
  test("changes what it is given and keeps the rest", async () => {
    const projectId = await founder.project();
    const first = await founder.succeed(UpdateProjectSettings, {
      projectId,
      consensusThreshold: 0.5,
      systemPromptOverride: "Be brief.",
    });
    expect(first.project.settings).toEqual({
      defaultRounds: 3,
      consensusThreshold: 0.5,
      systemPromptOverride: "Be brief.",
    });
    expect(first.events.map(({ type }) => type)).toEqual(["project_updated"]);
    const second = await founder.succeed(UpdateProjectSettings, { projectId, systemPromptOverride: "" });
    expect(second.project.settings).toEqual({
      defaultRounds: 3,
      consensusThreshold: 0.5,
      systemPromptOverride: null,
    });
    expect(second.project.version).toBe(first.project.version + 1);
  });

  test.each<[what: string, change: object, path: string]>([
    ["nothing", {}, ""],
    ["a threshold above 1", { consensusThreshold: 1.1 }, "consensusThreshold"],
    ["a threshold below 0", { consensusThreshold: -0.1 }, "consensusThreshold"],
    ["no rounds", { defaultRounds: 0 }, "defaultRounds"],
    ["11 rounds", { defaultRounds: 11 }, "defaultRounds"],
    ["no models", { models: [] }, "models"],
    ["an unknown model", { models: ["grok"] }, "models"],
    ["a long prompt", { systemPromptOverride: "x".repeat(4_001) }, "systemPromptOverride"],
  ])("refuses %s", async (_what, change, path) => {
    const projectId = await founder.project();
    expect(await founder.run(UpdateProjectSettings, { projectId, ...change })).toMatchObject({
      __typename: "ValidationError",
      issues: [{ path }],
    });
  });

  test("refuses a stale version", async () => {
    const projectId = await founder.project();
    const input = { projectId, defaultRounds: 2, expectedVersion: 9 };
    expect(await founder.run(UpdateProjectSettings, input)).toMatchObject({
      __typename: "ConflictError",
      currentVersion: 1,
    });
  });

  test("tells models the project's own instructions in the place of the usual ones", async () => {
    const projectId = await founder.project();
    await founder.succeed(UpdateProjectSettings, { projectId, systemPromptOverride: "Speak like a pirate." });
    runner.respond = talkative(runner);
    const { discussion } = await founder.succeed(StartDiscussion, { projectId, question, type: "OPEN" });
    await untilQuiet(founder, discussion.id);
    expect(runner.calls.at(-1)?.system).toMatch(/^Speak like a pirate\.\n\n/);
  });
});

describe("addRound", () => {
  test("has the models speak once more", async () => {
    const { id } = await talk();
    const { round, events } = await founder.succeed(AddRound, { discussionId: id, type: "SEQUENTIAL" });
    expect(round).toMatchObject({ roundNumber: 2, type: "SEQUENTIAL", isPlanned: false });
    expect(events.map(({ type }) => type)).toEqual(["round_started"]);
    const done = await untilQuiet(founder, id);
    expect(done.rounds[1]?.messages.map(({ model }) => model)).toEqual(["gpt", "gemini", "claude"]);
    expect(done.consensus).toBeNull();
  });

  test("of two at once lets one run, and the other is a ConflictError", async () => {
    const { id } = await talk();
    runner.respond = () => {};
    const asked = runner.calls.length;
    const results = await Promise.all([1, 2, 3].map(() => founder.run(AddRound, { discussionId: id })));
    expect(results.map(({ __typename }) => __typename).toSorted()).toEqual([
      "AddRoundSuccess",
      "ConflictError",
      "ConflictError",
    ]);
    await expect.poll(() => runner.calls.length).toBe(asked + 3);
    for (const call of runner.calls.slice(asked)) call.say("Yes.").end();
    expect((await untilQuiet(founder, id)).rounds).toHaveLength(2);
  });

  test("while a round is being held is a ConflictError, on record", async () => {
    const { id, projectId, end } = await hanging();
    const before = await readDiscussion(founder, id);
    expect(await founder.run(AddRound, { discussionId: id })).toMatchObject({
      __typename: "ConflictError",
      currentState: "ROUND",
    });
    expect(await founder.run(SummarizeConsensus, { discussionId: id })).toMatchObject({
      __typename: "ConflictError",
      currentState: "ROUND",
    });
    expect(await founder.run(CompleteDiscussion, { discussionId: id })).toMatchObject({
      __typename: "ConflictError",
      currentState: "ROUND",
    });
    expect((await readDiscussion(founder, id)).rounds).toHaveLength(before.rounds.length);
    const refused = (await founder.log(projectId)).events.filter(({ type }) => type === "command_rejected");
    expect(refused.map(({ detail }) => detail)).toMatchObject([
      { command: "addRound", rule: "CONFLICT" },
      { command: "summarizeConsensus", rule: "CONFLICT" },
      { command: "completeDiscussion", rule: "CONFLICT" },
    ]);
    end();
    await untilQuiet(founder, id);
  });

  test("ends at ten rounds", async () => {
    const { id } = await talk({ models: ["gpt"] });
    for (let number = 2; number <= 10; number++) {
      await founder.succeed(AddRound, { discussionId: id });
      await untilQuiet(founder, id);
    }
    expect(await founder.run(AddRound, { discussionId: id })).toMatchObject({
      __typename: "ConflictError",
      currentState: "FULL",
    });
  }, 60_000);
});

describe("postMessage", () => {
  test("is a person's, without a model, and each who is named answers directly", async () => {
    const { id } = await talk();
    const { postedMessage, events } = await founder.succeed(PostMessage, {
      discussionId: id,
      content: "Thanks. @GPT, @claude: why?",
    });
    expect(postedMessage).toMatchObject({
      kind: "PERSON",
      author: "FOUNDER",
      model: null,
      status: "COMPLETED",
    });
    expect(events.map(({ type }) => type)).toEqual(["message_posted"]);
    const { rounds } = await untilQuiet(founder, id);
    expect(rounds[0]?.messages.slice(3)).toMatchObject([
      { kind: "PERSON", content: "Thanks. @GPT, @claude: why?" },
      { kind: "DIRECT", model: "gpt", isDirect: true, status: "COMPLETED" },
      { kind: "DIRECT", model: "claude", isDirect: true, status: "COMPLETED" },
    ]);
  });

  test("without a name asks nobody", async () => {
    const { id } = await talk();
    const asked = runner.calls.length;
    await founder.succeed(PostMessage, { discussionId: id, content: "Write to ada@gpt.example." });
    expect((await untilQuiet(founder, id)).rounds[0]?.messages).toHaveLength(4);
    expect(runner.calls).toHaveLength(asked);
  });

  test("to somebody who is not there lists the models, and nothing is written", async () => {
    const { id } = await talk();
    const before = await fingerprint(app);
    expect(await founder.run(PostMessage, { discussionId: id, content: "@local?" })).toMatchObject({
      __typename: "ValidationError",
      issues: [
        { path: "content", message: 'must name models that there are: claude, gpt, gemini; not "local"' },
      ],
    });
    expect(await fingerprint(app)).toBe(before);
  });

  test("while a round is being held is heard by whoever is still to speak", async () => {
    const { id, end } = await hanging();
    await founder.succeed(PostMessage, { discussionId: id, content: "Think of the price." });
    end();
    const { rounds } = await untilQuiet(founder, id);
    expect(rounds[0]?.messages.map(({ kind }) => kind)).toEqual(["ANSWER", "ANSWER", "PERSON"]);
  });
});

describe("completeDiscussion", () => {
  test("ends it: every further command is a ConflictError and changes nothing", async () => {
    const { id } = await talk();
    const { discussion, events } = await founder.succeed(CompleteDiscussion, { discussionId: id });
    expect(discussion.status).toBe("COMPLETED");
    expect(events).toMatchObject([{ type: "discussion_completed", detail: {} }]);
    const before = await readDiscussion(founder, id);
    const completed = { __typename: "ConflictError", currentState: "COMPLETED" };
    const input = { discussionId: id };
    expect(await founder.run(AddRound, input)).toMatchObject(completed);
    expect(await founder.run(PostMessage, { ...input, content: "@gpt?" })).toMatchObject(completed);
    expect(await founder.run(SummarizeConsensus, input)).toMatchObject(completed);
    expect(await founder.run(CompleteDiscussion, input)).toMatchObject(completed);
    expect(await readDiscussion(founder, id)).toEqual(before);
  });

  test("waits for whoever was asked by name", async () => {
    const { id } = await talk();
    runner.respond = () => {};
    await founder.succeed(PostMessage, { discussionId: id, content: "@gpt?" });
    expect(await founder.run(CompleteDiscussion, { discussionId: id })).toMatchObject({
      __typename: "ConflictError",
      currentState: "ANSWERING",
    });
    await expect.poll(() => runner.calls.at(-1)?.prompt).toContain("@gpt?");
    runner.calls.at(-1)?.say("Yes.").end();
    await untilQuiet(founder, id);
    await founder.succeed(CompleteDiscussion, { discussionId: id });
  });
});

describe("summarizeConsensus", () => {
  test("is written by the first model unless another one is named", async () => {
    const { id } = await talk();
    await founder.succeed(SummarizeConsensus, { discussionId: id });
    expect((await untilQuiet(founder, id)).consensus?.generatedBy).toBe("claude");
    const { discussion } = await founder.succeed(SummarizeConsensus, { discussionId: id, by: "gemini" });
    expect(discussion.activity).toBe("SUMMARY");
    expect((await untilQuiet(founder, id)).consensus?.generatedBy).toBe("gemini");
  });

  test("by a model that does not take part is a ValidationError", async () => {
    const { id } = await talk();
    expect(await founder.run(SummarizeConsensus, { discussionId: id, by: "local" })).toMatchObject({
      __typename: "ValidationError",
      issues: [{ path: "by" }],
    });
  });

  test("of silence is a ConflictError", async () => {
    runner.respond = (call) => call.fail();
    const projectId = await founder.project();
    const { discussion } = await founder.succeed(StartDiscussion, { projectId, question, type: "OPEN" });
    const { failure } = await untilQuiet(founder, discussion.id);
    expect(failure).toContain("No model answered.");
    expect(await founder.run(SummarizeConsensus, { discussionId: discussion.id })).toMatchObject({
      __typename: "ConflictError",
      currentState: "SILENT",
    });
  });

  test("that does not hold leaves the rounds and says why", async () => {
    const { id, rounds } = await talk();
    runner.respond = (call) => call.give({ agreements: [], disagreements: [], dissent: [], score: 1 });
    await founder.succeed(SummarizeConsensus, { discussionId: id });
    const done = await untilQuiet(founder, id);
    expect(done.consensus).toBeNull();
    expect(done.consensusFailure).toMatchObject({ reason: "INVALID_OUTPUT" });
    expect(done.rounds).toEqual(rounds);
    expect(done.markdown).toContain("## No consensus");
  });
});

const DecideCiting = graphql(/* GraphQL */ `
  mutation DecideCiting($input: DecideGateInput!) {
    decideGate(input: $input) {
      __typename
      ...Refused
      ... on DecideGateSuccess {
        gate {
          id
          discussion {
            id
            citedBy {
              id
            }
          }
        }
        events {
          ...Logged
        }
      }
    }
  }
`);

describe("a gate's decision", () => {
  test("cites a discussion, which shows on both", async () => {
    const { id, projectId } = await talk();
    const { gate } = await founder.succeed(OpenGate, { projectId });
    const input = { gateId: gate.id, decision: "PROCEED", discussionId: id } as const;
    const decided = await founder.succeed(DecideCiting, input);
    expect(decided.gate).toEqual({ id: gate.id, discussion: { id, citedBy: [{ id: gate.id }] } });
    expect(decided.events[0]?.detail).toMatchObject({ decision: "PROCEED", discussion: id });
    expect((await readDiscussion(founder, id)).citedBy).toEqual([{ id: gate.id }]);
  });

  test("does not cite another project's", async () => {
    const { id } = await talk();
    const projectId = await founder.project();
    const { gate } = await founder.succeed(OpenGate, { projectId });
    const before = await fingerprint(app);
    const input = { gateId: gate.id, decision: "PROCEED", discussionId: id } as const;
    expect(await founder.run(DecideCiting, input)).toMatchObject({ __typename: "NotFoundError" });
    expect(await fingerprint(app)).toBe(before);
  });
});

const DiscussionEvents = graphql(/* GraphQL */ `
  query DiscussionEvents($id: ID!) {
    project(id: $id) {
      discussions(first: 1) {
        totalCount
        nodes {
          id
        }
      }
      completed: discussions(status: COMPLETED) {
        totalCount
      }
      events(subjects: [DISCUSSION]) {
        nodes {
          type
          ... on DiscussionEvent {
            discussion {
              id
            }
            round {
              roundNumber
            }
            message {
              model
            }
          }
        }
      }
    }
  }
`);

test("events lead to what they are about, and projects to their discussions", async () => {
  const { id, projectId } = await talk({ models: ["gpt"] });
  const { project } = await founder.read(DiscussionEvents, { id: projectId });
  const discussion = { id };
  expect(project).toEqual({
    discussions: { totalCount: 1, nodes: [discussion] },
    completed: { totalCount: 0 },
    events: {
      nodes: [
        { type: "discussion_started", discussion, round: null, message: null },
        { type: "round_started", discussion, round: { roundNumber: 1 }, message: null },
        { type: "message_answered", discussion, round: { roundNumber: 1 }, message: { model: "gpt" } },
        { type: "round_completed", discussion, round: { roundNumber: 1 }, message: null },
      ],
    },
  });
});

test("the Markdown of a discussion holds every message and model", async () => {
  const { rounds, markdown } = await talk();
  for (const { model, content } of rounds.flatMap(({ messages }) => messages)) {
    expect(markdown).toContain(`**${model}**`);
    expect(markdown).toContain(content);
  }
});

test("in an archived project every command is refused, and what was typed is not in the log", async () => {
  const { id: discussionId, projectId } = await talk();
  await founder.succeed(ArchiveProject, { projectId });
  const typed = "Is this in the log?";
  const commands = {
    startDiscussion: () => founder.run(StartDiscussion, { projectId, question: typed, type: "OPEN" }),
    addRound: () => founder.run(AddRound, { discussionId }),
    postMessage: () => founder.run(PostMessage, { discussionId, content: typed }),
    summarizeConsensus: () => founder.run(SummarizeConsensus, { discussionId }),
    completeDiscussion: () => founder.run(CompleteDiscussion, { discussionId }),
    updateProjectSettings: () =>
      founder.run(UpdateProjectSettings, { projectId, systemPromptOverride: typed }),
  };
  const before = await readDiscussion(founder, discussionId);
  for (const [name, run] of Object.entries(commands)) {
    expect(await run(), name).toMatchObject({ __typename: "GuardRejectedError", rule: "ARCHIVED" });
  }
  expect(await readDiscussion(founder, discussionId)).toEqual(before);
  const { events, verification } = await founder.log(projectId);
  expect(verification).toMatchObject({ ok: true });
  const refused = events.filter(({ type }) => type === "command_rejected");
  expect(refused.map(({ detail }) => detail)).toMatchObject(
    Object.keys(commands).map((command) => ({ command, rule: "ARCHIVED" })),
  );
  expect(JSON.stringify(events)).not.toContain(typed);
});
