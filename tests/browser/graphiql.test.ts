import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { demoTabs } from "../../src/demo-operations.ts";
import { encodeId } from "../../src/schema/ids.ts";
import { DEMO } from "../../src/services/demo/demo-project.ts";
import { startApp } from "../support/app.ts";
import { send } from "../support/client.ts";
import { bearer, SECRET_AUTH } from "../support/tokens.ts";
import { browserAvailable, launchBrowser } from "./chromium.ts";
import { visitGraphiql } from "./graphiql-page.ts";

describe.skipIf(!browserAvailable)("GraphiQL in a browser", { timeout: 90_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  it("runs the demo's tabs: the nested query, and the subscription that sees the gate decided", async () => {
    const { url } = await startApp({ config: { seedDemo: true } });
    const [decision, events] = ["DecideDemoGate", "DemoEvents"];
    const listener = await visitGraphiql(browser, url);
    expect(await listener.tabNames()).toEqual(demoTabs().map(operationName));
    await listener.run();
    await listener.sees('"name": "Inventory tracker for small shops"');

    await listener.selectTab(events);
    await listener.subscribe();
    await expect.poll(() => openSubscriptions(url, "websocket")).toBe(1);

    // In a window of its own: GraphiQL ends a subscription when its tab is left.
    const founder = await visitGraphiql(browser, url);
    await founder.selectTab(decision);
    await founder.run();
    await founder.sees('"stage": "MVP_BUILT"');
    // The window shows a stream's newest result only; a decision appends several events.
    await listener.sees('"actor": "FOUNDER"');

    await send(url, PARK, { projectId: encodeId("project", DEMO.projectId) });
    await listener.sees('"type": "park"');
    expect([...listener.complaints, ...founder.complaints]).toEqual([]);
  });

  it("asks no other host for anything", async () => {
    const { url } = await startApp({ config: { seedDemo: true } });
    const visitor = await visitGraphiql(browser, url);
    await visitor.run();
    await visitor.sees("Inventory tracker");
    const hosts = visitor.requested
      .filter((each) => !/^(data|blob):/.test(each))
      .map((each) => new URL(each).host);
    expect(new Set(hosts)).toEqual(new Set([new URL(url).host]));
    // A worker that its policy refuses would leave the editor without completion and validation.
    expect(visitor.requested.some((each) => each.startsWith(`blob:${url}/`))).toBe(true);
    expect(visitor.complaints).toEqual([]);
  });

  it("sends the header editor's token, with subscriptions too, where there is authentication", async () => {
    const { url } = await startApp({ config: { auth: SECRET_AUTH } });
    const headers = await bearer("ada");
    const created = await send<{ createProject: { project: { id: string; startCursor: string } } }, unknown>(
      url,
      'mutation { createProject(input: { name: "Ada\'s project" }) { ... on CreateProjectSuccess { project { id startCursor } } } }',
      {},
      headers,
    );
    const { id = "", startCursor = "" } = created.data?.createProject.project ?? {};
    const visitor = await visitGraphiql(browser, url);
    const query = "{ projects { nodes { name } } }";
    await visitor.typeQuery(query);
    await visitor.run();
    await visitor.sees("A bearer token is required.");

    await visitor.typeHeaders(JSON.stringify(headers));
    await visitor.run();
    await visitor.sees("Ada's project");

    await visitor.typeQuery(
      `subscription { projectEvents(projectId: "${id}", after: "${startCursor}") { type } }`,
    );
    await visitor.subscribe();
    await visitor.sees("project_created");
    expect(await openSubscriptions(url, "sse")).toBe(1);
    await send(url, PARK, { projectId: id }, headers);
    await visitor.sees('"type": "park"');
    // The token goes where GraphiQL can put it, into HTTP headers, and stays in no storage.
    expect(visitor.requested.some((each) => each.startsWith("ws:"))).toBe(false);
    expect(await visitor.stored()).not.toContain("Bearer");
  });
});

const PARK = "mutation ($projectId: ID!) { parkProject(input: { projectId: $projectId }) { __typename } }";

function operationName({ query }: { query: string }): string {
  return /^\w+ (\w+)/m.exec(query)?.[1] ?? "";
}

async function openSubscriptions(url: string, transport: "websocket" | "sse"): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(metrics.match(`gatehouse_open_subscriptions\\{transport="${transport}"\\} (\\d+)`)?.[1]);
}
