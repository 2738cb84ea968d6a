import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Database } from "../../../src/db/database.ts";
import { PLAN_TIERS } from "../../../src/domain/account/plan.ts";
import { QuotaExceededError } from "../../../src/domain/errors.ts";
import { createLocalWakeups } from "../../../src/events/local-wakeups.ts";
import { CallFailedError, type Estimate, type Meter, type Usage } from "../../../src/llm/runner.ts";
import { loadPlanTiers } from "../../../src/services/account/load-plan-tiers.ts";
import { abandonReservations, createMeter } from "../../../src/services/account/meter.ts";
import { readUsage } from "../../../src/services/account/usage.ts";
import type { Services, UsageFault } from "../../../src/services/services.ts";
import { createTestDatabase } from "../../support/database.ts";
import { SequentialIds } from "../../support/ids.ts";

/** Tokens of BOOTSTRAPPER's day. */
const CAP = PLAN_TIERS[0]?.tokensPerDay ?? 0;
const NOON = new Date("2026-01-05T12:00:00.000Z");
const LATER = new Date("2026-01-05T12:00:09.000Z");
const ESTIMATE: Estimate = { model: "claude", inputTokens: 3_000, maxOutputTokens: 2_000 };
const USAGE: Usage = { inputTokens: 2_500, outputTokens: 700, costMicrodollars: 18_000 };

const ids = new SequentialIds();
let database: Database;
let services: Services;
let now: Date;
let userId: string;
let projectId: string;
let subjectId: string;
let meter: Meter;
let faults: UsageFault[];

beforeAll(async () => {
  database = await createTestDatabase();
  const { prisma } = database;
  await loadPlanTiers(prisma);
  services = {
    prisma,
    clock: { now: () => now },
    ids,
    wakeups: createLocalWakeups(),
    onUsageFault: (fault) => faults.push(fault),
  };
});
afterAll(() => database.close());
beforeEach(async () => {
  now = NOON;
  faults = [];
  userId = await insertUser();
  projectId = await insertProject(userId);
  subjectId = ids.next();
  meter = createMeter(services, { userId, projectId, subjectId, purpose: "ARTIFACT" });
});

async function insertUser(): Promise<string> {
  const id = ids.next();
  await database.prisma.user.create({
    data: { id, issuer: "tests", subject: id, createdAt: NOON, updatedAt: NOON },
  });
  return id;
}

async function insertProject(ownerId: string): Promise<string> {
  const id = ids.next();
  const eventHash = "0".repeat(64);
  await database.prisma.project.create({
    data: { id, ownerId, name: "Ours", eventHash, createdAt: NOON, updatedAt: NOON },
  });
  return id;
}

const rows = () => database.prisma.usageLog.findMany({ where: { userId }, orderBy: { id: "asc" } });
const used = async (at: Date = now) => (await readUsage(database.prisma, userId, at)).tokensUsed;
const answer = (usage: Usage = USAGE) => ({ text: "Ours", usage });
/** Uses exactly so many tokens. */
const use = (tokens: number) => {
  const usage = { inputTokens: tokens, outputTokens: 0, costMicrodollars: 0 };
  return meter({ model: "claude", inputTokens: tokens, maxOutputTokens: 0 }, async () => answer(usage));
};

/** A call that waits until the test lets it end. */
function underWay(estimate: Estimate = ESTIMATE) {
  const made = Promise.withResolvers<void>();
  const end = Promise.withResolvers<ReturnType<typeof answer>>();
  const ended = meter(estimate, () => {
    made.resolve();
    return end.promise;
  });
  // Whoever waits for it sees it; a failure before that is none of the process's business.
  ended.catch(() => {});
  return { made: made.promise, end, ended };
}

describe("a metered call", () => {
  test("is reserved at the most that it can use while it is under way", async () => {
    const call = underWay();
    await call.made;
    expect(await rows()).toEqual([
      {
        id: expect.any(String),
        userId,
        projectId,
        subjectId,
        purpose: "ARTIFACT",
        status: "RESERVED",
        model: "claude",
        inputTokens: 3_000,
        outputTokens: 2_000,
        costMicrodollars: 0,
        createdAt: NOON,
        settledAt: null,
      },
    ]);
    call.end.resolve(answer());
    await call.ended;
  });

  test("gives back the call's result, and is settled at what it used when it is over", async () => {
    const call = underWay();
    await call.made;
    now = LATER;
    const result = answer();
    call.end.resolve(result);
    expect(await call.ended).toBe(result);
    expect(await rows()).toMatchObject([
      { ...USAGE, status: "SETTLED", model: "claude", createdAt: NOON, settledAt: LATER },
    ]);
  });

  test("has a row also when it used more than was estimated, with what it did use", async () => {
    const usage = { inputTokens: 9_000, outputTokens: 8_000, costMicrodollars: 1 };
    await meter(ESTIMATE, async () => answer(usage));
    expect(await rows()).toMatchObject([{ ...usage, status: "SETTLED" }]);
  });

  test.each<{ what: string; error: Error; usage: Usage }>([
    {
      what: "so that nobody knows what it used, with its input",
      error: new TypeError("fetch failed"),
      usage: { inputTokens: 3_000, outputTokens: 0, costMicrodollars: 0 },
    },
    {
      what: "in the middle of its answer, with its input",
      error: new CallFailedError("TIMEOUT", "It took too long.", null),
      usage: { inputTokens: 3_000, outputTokens: 0, costMicrodollars: 0 },
    },
    {
      what: "after it had used something, with that",
      error: new CallFailedError("UNAVAILABLE", "It broke off.", USAGE),
      usage: USAGE,
    },
    {
      what: "before it was taken, with nothing",
      error: new CallFailedError("RATE_LIMITED", "Too many."),
      usage: { inputTokens: 0, outputTokens: 0, costMicrodollars: 0 },
    },
  ])("that fails has its row: $what", async ({ error, usage }) => {
    const call = underWay();
    await call.made;
    now = LATER;
    call.end.reject(error);
    await expect(call.ended).rejects.toBe(error);
    expect(await rows()).toMatchObject([{ ...usage, status: "FAILED", createdAt: NOON, settledAt: LATER }]);
  });

  test("whose provider gives no figures counts as reserved", async () => {
    await meter(ESTIMATE, async () => ({ usage: { inputTokens: 0, outputTokens: 0, costMicrodollars: 0 } }));
    expect(await rows()).toMatchObject([{ status: "SETTLED", inputTokens: 3_000, outputTokens: 2_000 }]);
  });

  test("that throws before it returns a promise has its row too", async () => {
    const thrown = meter(ESTIMATE, () => {
      throw new RangeError("too long");
    });
    await expect(thrown).rejects.toThrow("too long");
    expect(await rows()).toMatchObject([{ status: "FAILED", inputTokens: 3_000, outputTokens: 0 }]);
  });

  test.each([
    ["negative", { inputTokens: -5, outputTokens: 20, costMicrodollars: 0 }],
    ["negative, with its price", { inputTokens: 10, outputTokens: -5, costMicrodollars: -50 }],
    ["beyond what any model reads", { inputTokens: 5_000_000_000, outputTokens: 20, costMicrodollars: 5 }],
    ["a fraction", { inputTokens: 1.5, outputTokens: 20, costMicrodollars: 0 }],
    ["not a number", { inputTokens: Number.NaN, outputTokens: 20, costMicrodollars: Number.NaN }],
    ["a text", { inputTokens: "20" as unknown as number, outputTokens: 20, costMicrodollars: 0 }],
  ])("whose figures are %s keeps its answer, counts as reserved, and is told of", async (_name, usage) => {
    await expect(meter(ESTIMATE, async () => answer(usage))).resolves.toEqual(answer(usage));
    const failing = meter(ESTIMATE, () => Promise.reject(new CallFailedError("REFUSED", "No.", usage)));
    await expect(failing).rejects.toThrow("No.");
    const reserved = { inputTokens: 3_000, outputTokens: 2_000, costMicrodollars: 0 };
    expect(await rows()).toMatchObject([
      { ...reserved, status: "SETTLED" },
      { ...reserved, status: "FAILED" },
    ]);
    expect(faults).toEqual([
      { model: "claude", usage },
      { model: "claude", usage },
    ]);
  });

  test("that costs more than the log can hold counts with the most that it can", async () => {
    const usage = { inputTokens: 10, outputTokens: 10_000, costMicrodollars: 9_999_990_000 };
    await meter(ESTIMATE, async () => answer(usage));
    expect(await rows()).toMatchObject([{ ...usage, costMicrodollars: 2_147_483_647, status: "SETTLED" }]);
  });

  test("whose settlement the database refuses keeps its answer, and never counts for less than it used", async () => {
    await database.prisma.$executeRaw`
      CREATE FUNCTION refuse_settlement() RETURNS trigger LANGUAGE plpgsql AS
      'BEGIN IF NEW.status = ''SETTLED'' THEN RAISE EXCEPTION ''not now''; END IF; RETURN NEW; END'`;
    await database.prisma.$executeRaw`
      CREATE TRIGGER refuse_settlement BEFORE UPDATE ON usage_log
      FOR EACH ROW EXECUTE FUNCTION refuse_settlement()`;
    try {
      await expect(meter(ESTIMATE, async () => answer())).resolves.toEqual(answer());
      expect(faults).toMatchObject([{ model: "claude", usage: USAGE, error: expect.any(Error) }]);
      expect(await used()).toBeGreaterThanOrEqual(USAGE.inputTokens + USAGE.outputTokens);
    } finally {
      await database.prisma.$executeRaw`DROP FUNCTION refuse_settlement CASCADE`;
    }
  });
});

describe("the budget", () => {
  test("holds a call that uses it up to the last token, and not one token more", async () => {
    await use(CAP - 5_000);
    await expect(meter({ ...ESTIMATE, inputTokens: 3_001 }, async () => answer())).rejects.toThrow(
      QuotaExceededError,
    );
    await meter(ESTIMATE, async () =>
      answer({ inputTokens: 3_000, outputTokens: 2_000, costMicrodollars: 0 }),
    );
    expect(await used()).toBe(CAP);
    await expect(use(1)).rejects.toThrow(QuotaExceededError);
  });

  test("that does not hold a call leaves it unmade and without a row, and says what is left", async () => {
    await use(CAP - 4_999);
    let calls = 0;
    const refused = meter(ESTIMATE, async () => {
      calls += 1;
      return answer();
    });
    await expect(refused).rejects.toMatchObject({
      constructor: QuotaExceededError,
      limit: CAP,
      used: CAP - 4_999,
      message: expect.stringContaining("midnight UTC"),
    });
    expect(calls).toBe(0);
    expect(await rows()).toHaveLength(1);
  });

  test("counts what failed calls used, and nothing of what they had reserved beside", async () => {
    const failing = meter({ ...ESTIMATE, inputTokens: CAP - 2_000 }, () =>
      Promise.reject(new CallFailedError("REFUSED", "It would not.", USAGE)),
    );
    await expect(failing).rejects.toThrow("It would not.");
    expect(await used()).toBe(3_200);
    await use(CAP - 3_200);
  });

  test("is each user's own", async () => {
    await use(CAP);
    const other = { userId: await insertUser(), projectId, subjectId, purpose: "ARTIFACT" } as const;
    await expect(createMeter(services, other)(ESTIMATE, async () => answer())).resolves.toEqual(answer());
  });

  test("is the plan's, from the moment on that the user is on it", async () => {
    await use(CAP);
    await database.prisma.user.update({ where: { id: userId }, data: { plan: "PARTNER" } });
    await use(1_500_000);
    await expect(use(1)).rejects.toMatchObject({ limit: 2_000_000, used: 2_000_000 });
  });
});

describe("the day", () => {
  const LAST = new Date("2026-01-05T23:59:59.999Z");
  const FIRST = new Date("2026-01-06T00:00:00.000Z");

  test("ends at midnight UTC: what was used before does not count after", async () => {
    now = LAST;
    await use(CAP);
    await expect(use(1)).rejects.toThrow(QuotaExceededError);
    now = FIRST;
    await use(CAP);
    await expect(use(1)).rejects.toThrow(QuotaExceededError);
    expect([await used(LAST), await used(FIRST)]).toEqual([2 * CAP, CAP]);
  });

  test("of a call is the one in which it began, whenever it ends", async () => {
    now = LAST;
    const call = underWay();
    await call.made;
    now = FIRST;
    call.end.resolve(answer());
    await call.ended;
    expect(await used()).toBe(0);
    expect(await rows()).toMatchObject([{ createdAt: LAST, settledAt: FIRST }]);
    await use(CAP);
  });
});

describe("a reservation whose process has died", () => {
  test("counts for the input from then on, and not for an answer that nobody has seen", async () => {
    const call = underWay();
    await call.made;
    expect(await used()).toBe(5_000);
    await abandonReservations(database.prisma, subjectId, LATER);
    expect(await rows()).toMatchObject([
      { status: "ABANDONED", inputTokens: 3_000, outputTokens: 2_000, costMicrodollars: 0, settledAt: LATER },
    ]);
    expect(await used()).toBe(5_000);
    call.end.resolve(answer());
    await call.ended;
  });

  test("is settled by its call that was alive after all", async () => {
    const call = underWay();
    await call.made;
    await abandonReservations(database.prisma, subjectId, NOON);
    now = LATER;
    call.end.resolve(answer());
    await call.ended;
    expect(await rows()).toMatchObject([{ ...USAGE, status: "SETTLED", settledAt: LATER }]);
  });

  test("is the only thing that is closed: not what is over, and not what was reserved for another document", async () => {
    await use(10);
    const other = createMeter(services, { userId, projectId, subjectId: ids.next(), purpose: "ARTIFACT" });
    const seen = await other(ESTIMATE, async () => {
      await abandonReservations(database.prisma, subjectId, LATER);
      return { usage: USAGE, during: await rows() };
    });
    expect(seen.during).toMatchObject([
      { status: "SETTLED", inputTokens: 10, settledAt: NOON },
      { status: "RESERVED", inputTokens: 3_000, outputTokens: 2_000, settledAt: null },
    ]);
  });
});

describe("50 calls at once that together exceed the budget", () => {
  const PARALLEL = 50;
  /** Of different sizes, none of which alone is much: 12,000 to 36,500 tokens, 1,212,500 together. */
  const estimates = Array.from({ length: PARALLEL }, (_, index) => ({
    model: "claude",
    inputTokens: 10_000 + 300 * index,
    maxOutputTokens: 2_000 + 200 * index,
  }));
  const LITTLE: Usage = { inputTokens: 900, outputTokens: 100, costMicrodollars: 50 };

  /** Runs all of them; those that are made wait until every one is made or refused. */
  async function runAll() {
    const arrived = Promise.withResolvers<void>();
    const barrier = Promise.withResolvers<void>();
    const reserved: number[] = [];
    const refused: unknown[] = [];
    let made = 0;
    const arrive = () => {
      if (made + refused.length === PARALLEL) arrived.resolve();
    };
    const calls = estimates.map((estimate) =>
      meter(estimate, async () => {
        made += 1;
        reserved.push(await used());
        arrive();
        await barrier.promise;
        return answer(LITTLE);
      }).catch((error: unknown) => {
        refused.push(error);
        arrive();
      }),
    );
    await arrived.promise;
    const atTheBarrier = await readUsage(database.prisma, userId, now);
    const open = await rows();
    barrier.resolve();
    await Promise.all(calls);
    return { made, refused, reserved, atTheBarrier, open };
  }

  test("never have more reserved than it holds, and the rest is refused and not made", async () => {
    const { made, refused, reserved, atTheBarrier, open } = await runAll();
    expect(Math.max(...reserved)).toBeLessThanOrEqual(CAP);
    expect(atTheBarrier.tokensUsed).toBeLessThanOrEqual(CAP);
    expect(atTheBarrier.tokensReserved).toBe(atTheBarrier.tokensUsed);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.every((error) => error instanceof QuotaExceededError)).toBe(true);
    expect(made + refused.length).toBe(PARALLEL);
    expect(open).toHaveLength(made);
    // No call was refused that the budget would have held: the smallest that was would not fit beside the others.
    const taken = new Set(open.map(({ inputTokens }) => inputTokens));
    const left = estimates.filter(({ inputTokens }) => !taken.has(inputTokens));
    const smallest = Math.min(
      ...left.map(({ inputTokens, maxOutputTokens }) => inputTokens + maxOutputTokens),
    );
    expect(atTheBarrier.tokensUsed + smallest).toBeGreaterThan(CAP);
  });

  test("leave room for more once they are settled at the little that they used", async () => {
    const { made } = await runAll();
    expect((await rows()).map(({ status }) => status)).toEqual(Array.from({ length: made }, () => "SETTLED"));
    expect(await used()).toBe(made * 1_000);
    await use(CAP - made * 1_000);
    await expect(use(1)).rejects.toThrow(QuotaExceededError);
  });
});
