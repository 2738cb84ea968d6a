import { readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { z } from "zod";
import { type Config, loadConfig } from "../config.ts";

const addressSchema = z.object({ pid: z.number().int().positive(), url: z.url() });
type Address = z.infer<typeof addressSchema>;

const fileOf = (directory: string) => `${directory}.server.json`;

/**
 * Says where this process serves, in a file beside the embedded database: a command that finds the database held can then
 * say whom to ask. Without the file commands go by HOST and PORT, so one that cannot be written is no fault.
 *
 * @param directory the database's, with all links resolved
 * @returns what takes the file away again
 */
export function announceServer(directory: string, url: string): () => void {
  const file = fileOf(directory);
  try {
    writeFileSync(file, `${JSON.stringify({ pid: process.pid, url } satisfies Address)}\n`);
  } catch {}
  return () => {
    if (readAddress(directory)?.pid === process.pid) rmSync(file, { force: true });
  };
}

/** The URL of the server with that pid, which holds the embedded database, without a path. */
export function serverOf(config: Config, directory: string, pid: number | null): string {
  const address = readAddress(directory);
  // The file of another process was left behind by a crash.
  return address?.pid === pid ? address.url : configuredUrl(config);
}

/** The URL that a command asks unless told: the server of this directory's embedded database, else where HOST and PORT say. */
export function nearestServer(): string {
  const config = loadConfig(process.env);
  const address = config.databaseUrl === undefined ? addressBeside(config.embeddedPath) : null;
  // A crash leaves the file behind: commands would ask, and send their token to, whoever has the port now.
  const url = address && isRunning(address.pid) ? address.url : configuredUrl(config);
  return `${url}/graphql`;
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: it runs and belongs to another user.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function configuredUrl({ host, port }: Config): string {
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

function addressBeside(path: string): Address | null {
  try {
    return readAddress(realpathSync(path));
  } catch {
    return null;
  }
}

function readAddress(directory: string): Address | null {
  try {
    return addressSchema.parse(JSON.parse(readFileSync(fileOf(directory), "utf8")));
  } catch {
    return null;
  }
}
