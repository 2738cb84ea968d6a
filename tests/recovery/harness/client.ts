import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Random } from "../../support/random.ts";
import { type CommandName, type CommandResult, operationOf } from "./commands.ts";
import type { Gate } from "./gate.ts";
import type { Ledger, Write } from "./ledger.ts";

/** No request may take longer than this, whatever happens to the database: else it hangs. */
const HANGS_AFTER_MS = 60_000;
/** What a client waits before it asks again. */
const RETRY_MS = 250;

export interface ClientOptions {
  readonly name: string;
  readonly ledger: Ledger;
  readonly random: Random;
  /** Where the server is now. */
  readonly url: () => string;
  /** Open while commands may be begun. */
  readonly beginning: Gate;
  readonly onAcknowledged: () => void;
}

interface Reply {
  readonly data?: Readonly<Record<string, CommandResult>> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

/** A client that repeats each command with the same idempotency key until it is told what it has come to. */
export class Client {
  readonly #options: ClientOptions;
  #ending = false;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  /** Makes projects and works on them until it is told to end. */
  async run(live: (client: Client, random: Random) => Promise<void>): Promise<void> {
    try {
      while (!this.#ending) await live(this, this.#options.random);
    } catch (error) {
      if (!(error instanceof Ended)) throw error;
    }
  }

  /** Begins no further command. */
  end(): void {
    this.#ending = true;
  }

  get name(): string {
    return this.#options.name;
  }

  /** @param projectId whose log tells of it, null where the command makes the project */
  async give(
    command: CommandName,
    projectId: string | null,
    input: Readonly<Record<string, unknown>>,
  ): Promise<CommandResult> {
    const { ledger, beginning } = this.#options;
    await beginning.pass();
    if (this.#ending) throw new Ended();
    const correlationId = randomUUID();
    const write = ledger.begin({
      command,
      input: { ...input, idempotencyKey: `key-${correlationId}` },
      projectId,
      correlationId,
    });
    const result = await this.#untilAnswered(write);
    if (result.events === undefined) {
      ledger.violations.push(`${command} was refused on try ${write.tries}: ${JSON.stringify(result)}`);
    }
    ledger.acknowledge(write, result);
    this.#options.onAcknowledged();
    if (result.events === undefined) throw new Error(`${command} was refused: ${JSON.stringify(result)}`);
    return result;
  }

  /** Asks once more for what was acknowledged: the answer must be the first one. */
  async repeat(write: Write): Promise<void> {
    const again = await this.#untilAnswered(write);
    if (JSON.stringify(again) === JSON.stringify(write.result)) return;
    this.#options.ledger.violations.push(
      `A repeated ${write.command} gave ${JSON.stringify(again)}, at first it was ${JSON.stringify(write.result)}`,
    );
  }

  async #untilAnswered(write: Write): Promise<CommandResult> {
    const { ledger, url } = this.#options;
    for (;;) {
      write.tries += 1;
      const reply = await ask(url(), write).catch((error: Error) => error);
      if (reply instanceof Error) {
        ledger.failed("no answer");
        if (reply.name === "TimeoutError") ledger.violations.push(`${write.command} hung`);
      } else if (reply.errors || !reply.data) {
        const code = reply.errors?.[0]?.extensions?.code ?? "no code";
        ledger.failed(code);
        if (!OUTAGES.has(code))
          ledger.violations.push(`${write.command} met ${JSON.stringify(reply.errors)}`);
      } else {
        return Object.values(reply.data)[0] as CommandResult;
      }
      await delay(RETRY_MS);
    }
  }
}

/** What a client may be told while something is down. */
const OUTAGES: ReadonlySet<string> = new Set(["DATABASE_UNAVAILABLE", "OUTCOME_UNKNOWN"]);

class Ended extends Error {}

async function ask(url: string, { command, input, correlationId }: Write): Promise<Reply> {
  const response = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-correlation-id": correlationId },
    body: JSON.stringify({ query: operationOf(command), variables: { input } }),
    signal: AbortSignal.timeout(HANGS_AFTER_MS),
  });
  return (await response.json()) as Reply;
}
