import type { Browser, Locator, Page } from "playwright-core";
import { expect } from "vitest";

/** Shorter than a test's time, so that a failure says what was waited for. */
const TIMEOUT_MS = 20_000;

/** GraphiQL as somebody uses it who visits for the first time. */
export interface GraphiqlPage {
  /** Every URL that the page has asked for, over HTTP or WebSocket. */
  readonly requested: readonly string[];
  /** What the browser has complained about: console errors (a blocked resource is one) and uncaught exceptions. */
  readonly complaints: readonly string[];
  tabNames(): Promise<string[]>;
  selectTab(name: string): Promise<void>;
  /** Replaces what the present tab's editor holds. */
  typeQuery(text: string): Promise<void>;
  /** Puts this text into the present tab's header editor. */
  typeHeaders(text: string): Promise<void>;
  /** Presses the play button. */
  run(): Promise<void>;
  /** Runs a subscription and waits until the page shows that it is running. */
  subscribe(): Promise<void>;
  /** Waits until the result window shows this text; any white space in it stands for any other. */
  sees(text: string): Promise<void>;
  /** Everything that the page keeps in the browser. */
  stored(): Promise<string>;
}

/** Visits GraphiQL with a fresh profile and waits until it can be used. */
export async function visitGraphiql(browser: Browser, url: string): Promise<GraphiqlPage> {
  const context = await browser.newContext({
    viewport: { width: 1600, height: 1000 },
    permissions: ["clipboard-read", "clipboard-write"],
  });
  context.setDefaultTimeout(TIMEOUT_MS);
  const page = await context.newPage();
  const requested: string[] = [];
  const complaints: string[] = [];
  page.on("request", (request) => requested.push(request.url()));
  page.on("websocket", (socket) => requested.push(socket.url()));
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(`${url}/graphql`);
  // Before the editors are there, a click on a tab is lost.
  await page.locator(".graphiql-query-editor .view-line").first().waitFor();

  return {
    requested,
    complaints,
    async tabNames() {
      const names = await page.getByRole("tab").allInnerTexts();
      return names.map((name) => name.trim());
    },
    async selectTab(name) {
      await page.getByRole("tab").getByRole("button", { name, exact: true }).click();
      await settled(page, (query) => query.includes(` ${name} `));
    },
    async typeQuery(text) {
      await replaceText(page, page.locator(".graphiql-query-editor .monaco-editor"), text);
      await settled(page, (query) => query === text);
    },
    async typeHeaders(text) {
      await page.getByRole("button", { name: "Headers", exact: true }).click();
      await replaceText(page, page.locator(".graphiql-editor-tool .monaco-editor:visible"), text);
    },
    run: () => playButton(page).click(),
    async subscribe() {
      await playButton(page).click();
      await page.getByRole("button", { name: /^Stop/ }).waitFor();
    },
    sees: (text) => page.locator(".result-window").filter({ hasText: text }).waitFor(),
    stored: () => page.evaluate("JSON.stringify(localStorage)"),
  };
}

function playButton(page: Page): Locator {
  return page.getByRole("button", { name: /^Execute query/ });
}

/** By the clipboard: while somebody types, the editor closes brackets and quotes by itself. */
async function replaceText(page: Page, editor: Locator, text: string): Promise<void> {
  await editor.first().click();
  await page.keyboard.press("ControlOrMeta+A");
  await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
  await page.keyboard.press("ControlOrMeta+V");
}

/**
 * Waits until GraphiQL has stored the present tab's query. It reads the operation's name from the editor a tenth of
 * a second after a change and until then runs the old name; it stores the tabs later than that.
 */
async function settled(page: Page, isIt: (query: string) => boolean): Promise<void> {
  const query = () =>
    page.evaluate<string>(
      `(({ tabs, activeTabIndex }) => tabs[activeTabIndex].query)(JSON.parse(localStorage.getItem("graphiql:tabState")))`,
    );
  await expect.poll(async () => isIt(await query()), { timeout: TIMEOUT_MS }).toBe(true);
}
