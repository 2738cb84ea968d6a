import { extractText, getDocumentProxy } from "unpdf";
import { beforeAll, describe, expect, test } from "vitest";
import { graphql } from "../generated/gql.ts";
import { send as request } from "../server/support/http.ts";
import { startApp, useApp } from "../support/app.ts";
import { bearer, SECRET_AUTH } from "../support/tokens.ts";
import { ArchiveProject } from "./support/commands.ts";
import { documentsOf, EditArtifactSection, pick, writeDocuments } from "./support/documents.ts";
import { Founder } from "./support/founder.ts";

const app = useApp();
const founder = new Founder(app);
const my = { projectId: "", brief: "" };

beforeAll(async () => {
  await founder.enlargePlan();
  my.projectId = await founder.project("Shelf Life");
  my.brief = pick(await writeDocuments(founder, my.projectId), "BRIEF").id;
});

const exportOf = (file: string, init?: RequestInit) => fetch(`${app.url}/export/projects/${file}`, init);

const Markdown = graphql(/* GraphQL */ `
  query Markdown($id: ID!) {
    project(id: $id) {
      readable: markdown
      technical: markdown(variant: TECHNICAL)
    }
  }
`);

const ArtifactMarkdown = graphql(/* GraphQL */ `
  query ArtifactMarkdown($id: ID!) {
    node(id: $id) {
      ... on Artifact {
        markdown
      }
    }
  }
`);

describe("GET /export/projects/ID.md", () => {
  test("downloads what project.markdown says, under the project's name, for nobody to keep", async () => {
    const response = await exportOf(`${my.projectId}.md`);
    expect(response.status).toBe(200);
    const body = await response.text();
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "text/markdown; charset=utf-8",
      "content-length": String(Buffer.byteLength(body)),
      "content-disposition": "attachment; filename=\"Shelf Life.md\"; filename*=UTF-8''Shelf%20Life.md",
      "cache-control": "private, no-store",
      "x-content-type-options": "nosniff",
      "x-correlation-id": expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    const { project } = await founder.read(Markdown, { id: my.projectId });
    expect(body).toBe(project?.readable);
    expect(body).toMatch(/^# Shelf Life\n/);
    expect(body).toContain("5 January 2026");
  });

  test.each([
    "technical",
    "TECHNICAL",
    "Technical",
  ])("gives the technical variant for %s", async (variant) => {
    const response = await exportOf(`${my.projectId}.md?variant=${variant}`);
    const { project } = await founder.read(Markdown, { id: my.projectId });
    expect(await response.text()).toBe(project?.technical);
    expect(project?.technical).toMatch(/^---\nproject: "Shelf Life"\n/);
  });

  test("gives the readable variant by name, and takes no notice of other parameters", async () => {
    const plain = await (await exportOf(`${my.projectId}.md`)).text();
    expect(await (await exportOf(`${my.projectId}.md?variant=readable`)).text()).toBe(plain);
    expect(await (await exportOf(`${my.projectId}.md?plan=CTO_SCALE`)).text()).toBe(plain);
  });

  test("shows an edit at once", async () => {
    const edit = { artifactId: my.brief, section: "targetUser", content: "We build for harpsichordists." };
    await founder.succeed(EditArtifactSection, edit);
    expect(await (await exportOf(`${my.projectId}.md`)).text()).toContain("harpsichordists");
  });

  test("says of a section that it is out of date, and marks what it quotes that was changed, in every format", async () => {
    const projectId = await founder.project("Shelf Life");
    const brief = pick(await writeDocuments(founder, projectId), "BRIEF");
    const file = async (name: string) => (await (await exportOf(name)).text()).replaceAll("\\", "");
    const notice =
      "Out of date: written from “Value proposition” of the product brief (version 1, version 2 now), which has changed since.";
    expect(await file(`${projectId}.md`)).not.toMatch(/Out of date|out of date/);
    expect(await file(`${projectId}.md?variant=technical`)).not.toMatch(/Stale|staleSections/);
    const { valueProposition: before } = brief.json as { valueProposition: string };
    const edit = { artifactId: brief.id, section: "valueProposition", content: "They sleep at night." };
    await founder.succeed(EditArtifactSection, edit);

    const readable = await file(`${projectId}.md`);
    const [, features = ""] = /\n### Core features\n([\s\S]*?)\n### /.exec(readable) ?? [];
    expect(features.trim().startsWith(`*${notice}*`)).toBe(true);
    expect(features).toMatch(/promise: “[^”]+ \*\[out of date\]\*/);
    const [, proposition] = /\n### Value proposition\n([\s\S]*?)\n### /.exec(readable) ?? [];
    expect(proposition?.trim()).toBe("They sleep at night.");

    const technical = await file(`${projectId}.md?variant=technical`);
    expect(technical).toContain(
      "**Stale:** written from `BRIEF.valueProposition` (version 1, version 2 now), which has changed since.",
    );
    expect(technical).toContain('"staleSections":["coreFeatures","successMetrics"]');
    const { node } = await founder.read(ArtifactMarkdown, {
      id: pick(await documentsOf(founder, projectId), "MVP_SCOPE").id,
    });
    expect(node).toMatchObject({ markdown: expect.stringContaining("Out of date: written from") });

    const pdf = await getDocumentProxy(
      new Uint8Array(await (await exportOf(`${projectId}.pdf`)).arrayBuffer()),
    );
    const { text } = await extractText(pdf, { mergePages: true });
    expect(text.replace(/\s+/g, " ")).toContain(notice);
    expect(text.match(/\[out of date\]/g)?.length).toBe(readable.match(/\[out of date\]/g)?.length);

    await founder.succeed(EditArtifactSection, { ...edit, content: before });
    expect(await file(`${projectId}.md`)).not.toMatch(/Out of date|out of date/);
  });

  test("says of a new project that nothing is written yet, and serves an archived one", async () => {
    const projectId = await founder.project("Empty");
    const text = await (await exportOf(`${projectId}.md`)).text();
    expect(text.match(/Not written yet\./g)).toHaveLength(5);
    await founder.succeed(ArchiveProject, { projectId });
    expect(await (await exportOf(`${projectId}.md`)).text()).toBe(text);
  });

  test.each([
    '../../etc/"passwd"',
    "a\r\nSet-Cookie: x=1",
    "蔬菜直送 🚀",
    "%0d%0a;filename=evil.exe",
  ])("of a project called %j has one harmless file name", async (name) => {
    const projectId = await founder.project(name);
    const response = await exportOf(`${projectId}.md`);
    expect(response.status).toBe(200);
    expect(response.headers.get("set-cookie")).toBeNull();
    const disposition = response.headers.get("content-disposition") ?? "";
    expect(disposition).toMatch(
      /^attachment; filename="[^"\\/%;]+\.md"; filename\*=UTF-8''[\w.~!#$&+^`|%-]+\.md$/,
    );
  });
});

test("HEAD says the same as GET, without the file", async () => {
  for (const format of ["md", "pdf"]) {
    const get = await exportOf(`${my.projectId}.${format}`);
    const head = await exportOf(`${my.projectId}.${format}`, { method: "HEAD" });
    expect(head.status).toBe(200);
    expect(await head.text()).toBe("");
    for (const name of ["content-type", "content-length", "content-disposition", "cache-control"]) {
      expect(head.headers.get(name), name).toBe(get.headers.get(name));
    }
    await get.arrayBuffer();
  }
});

test("GET /export/projects/ID.pdf downloads a PDF under the project's name", async () => {
  const response = await exportOf(`${my.projectId}.pdf`);
  expect(response.status).toBe(200);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    "content-type": "application/pdf",
    "content-disposition": "attachment; filename=\"Shelf Life.pdf\"; filename*=UTF-8''Shelf%20Life.pdf",
    "cache-control": "private, no-store",
  });
  const body = Buffer.from(await response.arrayBuffer());
  expect(body.length).toBe(Number(response.headers.get("content-length")));
  expect(body.subarray(0, 5).toString()).toBe("%PDF-");
});

describe("what cannot be exported", () => {
  const UNKNOWN = "project_01kzzzzzzzfzzsr000000000zz";
  test.each([
    ["an unknown variant", () => `${my.projectId}.md?variant=secret`, 400, "BAD_USER_INPUT"],
    ["an empty variant", () => `${my.projectId}.md?variant=`, 400, "BAD_USER_INPUT"],
    ["an unknown variant of a PDF", () => `${my.projectId}.pdf?variant=secret`, 400, "BAD_USER_INPUT"],
    ["an id that is none", () => "1.md", 400, "BAD_USER_INPUT"],
    ["the id of a document", () => `${my.brief}.md`, 400, "BAD_USER_INPUT"],
    ["an id in percent signs", () => "%70roject_%00.md", 400, "BAD_USER_INPUT"],
    ["ten thousand characters", () => `${"x".repeat(10_000)}.md`, 400, "BAD_USER_INPUT"],
    ["an unknown project", () => `${UNKNOWN}.md`, 404, "NOT_FOUND"],
    ["an unknown project's PDF", () => `${UNKNOWN}.pdf`, 404, "NOT_FOUND"],
    ["another format", () => `${my.projectId}.docx`, 404, "NOT_FOUND"],
    ["no format", () => my.projectId, 404, "NOT_FOUND"],
    ["a path below it", () => `${my.projectId}/brief.md`, 404, "NOT_FOUND"],
  ])("is told for %s", async (_name, file, status, code) => {
    const response = await exportOf(file());
    expect(response.status).toBe(status);
    expect(response.headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code } }] });
  });

  test.each([
    "POST",
    "PUT",
    "PATCH",
    "DELETE",
    "OPTIONS",
  ])("is told for %s, with what is allowed", async (method) => {
    const response = await exportOf(`${my.projectId}.md`, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("GET, HEAD");
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: "METHOD_NOT_ALLOWED" } }] });
  });
});

describe("a page of another site", () => {
  const url = () => `${app.url}/export/projects/${my.projectId}.md`;

  test.each([
    ["that rebinds its name", { host: "evil.test" }, 421],
    ["that reads with its origin", { origin: "http://evil.test" }, 403],
    ["that embeds it", { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" }, 403],
    ["that is of the same site", { "sec-fetch-site": "same-site", "sec-fetch-mode": "cors" }, 403],
  ])("%s gets nothing of it without authentication", async (_name, headers, status) => {
    const reply = await request(url(), { headers });
    expect(reply.status).toBe(status);
    expect(reply.text).not.toContain("Shelf Life");
  });

  test("may link to it, and the server's own page may read it", async () => {
    const follow = {
      "sec-fetch-site": "cross-site",
      "sec-fetch-mode": "navigate",
      "sec-fetch-dest": "document",
    };
    expect((await request(url(), { headers: follow })).status).toBe(200);
    expect((await request(url(), { headers: { "sec-fetch-site": "same-origin" } })).status).toBe(200);
  });
});

test("where a token is required, only its owner's is taken, from any page", async () => {
  const { url } = await startApp({ config: { auth: SECRET_AUTH } });
  const ada = new Founder({ url }, await bearer("ada"));
  const file = `${url}/export/projects/${await ada.project()}.md`;
  const withToken = async (headers: Record<string, string>) => (await request(file, { headers })).status;
  expect(await withToken({})).toBe(401);
  expect(await withToken({ authorization: "Bearer abc" })).toBe(401);
  expect(await withToken(await bearer("bob"))).toBe(404);
  expect(await withToken(ada.headers)).toBe(200);
  expect(await withToken({ ...ada.headers, origin: "https://app.test", host: "api.test" })).toBe(200);
  expect(await withToken(await bearer("ada", new Date("2020-01-01")))).toBe(401);
});
