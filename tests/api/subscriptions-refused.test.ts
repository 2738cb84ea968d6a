import { describe, expect, test } from "vitest";
import { decodePosition, encodePosition } from "../../src/schema/event/cursor.ts";
import { useApp } from "../support/app.ts";
import { subscribe, TRANSPORTS } from "../support/subscription.ts";
import { bearer, SECRET_AUTH } from "../support/tokens.ts";
import { Founder } from "./support/founder.ts";
import { ProjectStream, StageStream } from "./support/streams.ts";

const app = useApp({ config: { auth: SECRET_AUTH } });

const FIELDS = [
  ["projectEvents", ProjectStream],
  ["stageEvents", StageStream],
] as const;

describe.each(
  TRANSPORTS.flatMap((transport) => FIELDS.map((field) => [transport, ...field] as const)),
)("over %s, %s", (transport, field, document) => {
  /** The error that a subscription ends with at once. */
  async function refusal(founder: Founder, variables: { projectId: string; after?: string | null }) {
    const stream = await subscribe(transport, app.url, document.toString(), variables, founder.headers);
    const result = await stream.next();
    expect(result?.data ?? null).toBeNull();
    expect(await stream.next()).toBeNull();
    return result?.errors;
  }

  test.each([
    ["an empty one", ""],
    ["no base64", "%%%"],
    ["something else in base64", Buffer.from("hello").toString("base64")],
    ["a cursor of something else", Buffer.from('GPC:J:["a","b"]').toString("base64")],
    ["a NUL byte", "\0"],
    ["10,000 characters", "x".repeat(10_000)],
  ])("refuses a malformed cursor: %s", async (_, after) => {
    const founder = new Founder(app, await bearer("founder"));
    const errors = await refusal(founder, { projectId: await theirProject(founder), after });
    expect(errors).toMatchObject([
      {
        message: '"after" is not a cursor of an event.',
        path: [field],
        extensions: { code: "BAD_USER_INPUT" },
      },
    ]);
  });

  test("refuses the cursor of another project, even of the same owner", async () => {
    const founder = new Founder(app, await bearer("founder"));
    const other = await founder.log(await founder.project());
    const errors = await refusal(founder, { projectId: await theirProject(founder), after: other.endCursor });
    expect(errors).toMatchObject([
      {
        message: '"after" is the cursor of an event of another project.',
        extensions: { code: "BAD_USER_INPUT" },
      },
    ]);
  });

  test.each([1, 1_000_000])("refuses a cursor %d beyond the end of the log", async (beyond) => {
    const founder = new Founder(app, await bearer("founder"));
    const projectId = await theirProject(founder);
    const { endCursor } = await founder.log(projectId);
    const end = decodePosition(endCursor);
    if (!end) throw new Error("A project's end cursor is a place in its log.");
    const after = encodePosition({ ...end, sequence: end.sequence + beyond });
    expect(await refusal(founder, { projectId, after })).toMatchObject([
      {
        message: '"after" lies beyond the end of the project\'s log.',
        extensions: { code: "BAD_USER_INPUT" },
      },
    ]);
  });

  test("refuses someone else's project exactly as one that is not there", async () => {
    const founder = new Founder(app, await bearer("founder"));
    const stranger = new Founder(app, await bearer("stranger"));
    const foreign = await refusal(stranger, { projectId: await theirProject(founder) });
    const missing = await refusal(stranger, { projectId: "project_01h455vb4pex5vsknk084sn02q" });
    expect(foreign).toMatchObject([
      { message: "There is no such project.", path: [field], extensions: { code: "NOT_FOUND" } },
    ]);
    expect(foreign).toEqual(missing);
  });

  test("does not tell a stranger whether a cursor fits a project", async () => {
    const founder = new Founder(app, await bearer("founder"));
    const stranger = new Founder(app, await bearer("stranger"));
    const projectId = await theirProject(founder);
    const { endCursor } = await founder.log(projectId);
    for (const after of [endCursor, "nonsense"]) {
      expect(await refusal(stranger, { projectId, after })).toMatchObject([
        { extensions: { code: "NOT_FOUND" } },
      ]);
    }
  });

  test.each([
    "",
    "nonsense",
    "project_",
    "project_01h455vb4pex5vsknk084sn02",
    "gate_01h455vb4pex5vsknk084sn02q",
    "01890a5d-ac96-774b-bcce-b302099a8057",
    "project_\0",
  ])("refuses %j, which is no project's id", async (projectId) => {
    const founder = new Founder(app, await bearer("founder"));
    expect(await refusal(founder, { projectId })).toMatchObject([
      {
        message: 'projectId: must be the id of a project: "project_…"',
        extensions: { code: "BAD_USER_INPUT" },
      },
    ]);
  });
});

const projects = new WeakMap<object, Promise<string>>();
/** One project for all tests of the file: they only read, and a plan has room for few. */
function theirProject(founder: Founder): Promise<string> {
  const made = projects.get(app) ?? founder.project();
  projects.set(app, made);
  return made;
}
