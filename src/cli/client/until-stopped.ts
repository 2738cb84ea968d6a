import { nearestServer } from "../server-address.ts";
import { UsageError } from "../usage-error.ts";
import { ConnectionLost, type Endpoint } from "./endpoint.ts";

/** How a process ends that a signal has ended: 128 and the signal's number. */
const STOPPED_BY = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Runs a command that asks a running server, until it is done or stopped: its signal is aborted by Ctrl-C, by SIGTERM and
 * when nobody reads its output any more. What it fails with after that is not told; the exit code says what stopped it.
 * @throws UsageError for a URL that cannot be one, and an error for people where no server answers
 */
export async function untilStopped(
  { url, token }: { readonly url: string | undefined; readonly token: string | undefined },
  command: (endpoint: Endpoint, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const endpoint = { url: graphqlUrl(url ?? nearestServer()), token };
  const stop = new AbortController();
  let stopped: number | undefined;
  const listeners = Object.entries(STOPPED_BY).map(([signal, code]) => {
    const listener = () => {
      stopped ??= code;
      stop.abort();
    };
    process.once(signal, listener);
    return () => process.off(signal, listener);
  });
  // `gatehouse watch … | head` has seen enough.
  process.stdout.once("error", () => stop.abort());
  try {
    await command(endpoint, stop.signal);
  } catch (error) {
    if (stop.signal.aborted) return;
    if (!(error instanceof ConnectionLost)) throw error;
    throw new Error(
      `No server answers at ${endpoint.url} (${error.message}). Start one with "npx gatehouse serve", or say with --url where it is.`,
      { cause: error },
    );
  } finally {
    if (stop.signal.aborted) process.exitCode = stopped ?? 0;
    for (const remove of listeners) remove();
  }
}

function graphqlUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`"${text}" is no URL of a server, like http://127.0.0.1:4000/graphql`);
  }
  if (url.pathname === "/") url.pathname = "/graphql";
  return url;
}
