import { setTimeout } from "node:timers/promises";
import type { Config } from "../config.ts";
import { type Database, openDatabase } from "../db/database.ts";
import { DatabaseLockedError } from "../db/lock.ts";
import { serverOf } from "./server-address.ts";

/** What holds the embedded directory until somebody stops it; whatever else does is a command, and soon over. */
export const SERVER = "server";

const RETRY_MS = 50;
const GIVE_UP_MS = 60_000;

export interface OpenOptions {
  /** The command's name, for those that find the database in use meanwhile. */
  readonly command: string;
  /** How to get what this command is asked for from the server that runs at that URL, which has no path. */
  readonly instead: (server: string) => string;
  /** Whether a database that is not there is made. */
  readonly make: boolean;
}

/**
 * Opens the configured database for a command. Where another command has the embedded one, it waits for its end.
 * @throws Error that says how to ask the server instead, when that has it.
 */
export async function openForCommand(config: Config, options: OpenOptions): Promise<Database> {
  const giveUpAt = performance.now() + GIVE_UP_MS;
  for (;;) {
    try {
      return await openDatabase({ ...config, program: options.command, mustExist: !options.make });
    } catch (error) {
      if (!(error instanceof DatabaseLockedError)) throw error;
      const { directory, pid, program } = error;
      if (program === SERVER) {
        const instead = options.instead(serverOf(config, directory, pid));
        throw new Error(`${directory} is held by the server with pid ${pid}; ${instead}`);
      }
      if (program === undefined || performance.now() > giveUpAt) throw error;
    }
    await setTimeout(RETRY_MS);
  }
}

/** A curl command that asks the server. */
export function askServer({ auth }: Config, query: string): (server: string) => string {
  const token = auth.kind === "development" ? "" : " -H 'authorization: Bearer TOKEN'";
  const body = JSON.stringify({ query });
  return (server) =>
    `ask it instead: curl ${server}/graphql${token} -H 'content-type: application/json' -d '${body}'`;
}
