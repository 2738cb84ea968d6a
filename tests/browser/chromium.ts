import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

/** Where distributions install it; playwright-core brings no browser of its own. */
const USUAL_PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/snap/bin/chromium",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

const executablePath = USUAL_PLACES.find((path) => existsSync(path));

/** For describe.skipIf(!browserAvailable): whether there is a browser to test with. */
export const browserAvailable = executablePath !== undefined;

/** Starts the browser, with everything off by which it would call home: a request to another host is then the page's. */
export async function launchBrowser(): Promise<Browser> {
  if (executablePath === undefined) throw new Error("There is no chromium: install the package `chromium`.");
  return chromium.launch({
    executablePath,
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
