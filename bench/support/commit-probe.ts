// Loaded into the server before its own code (--import): tells the benchmark when each transaction was committed,
// as the server learns it. A client cannot see that moment: its answer comes later, the event's own time is earlier.
import { PrismaClient } from "../../src/generated/prisma/client.ts";
import { monotonicMs } from "./monotonic.ts";

export interface Commit {
  /** On the monotonic clock. */
  readonly committedAt: number;
}

type Transact = (this: unknown, ...args: unknown[]) => Promise<unknown>;

const prototype = PrismaClient.prototype as unknown as { $transaction: Transact };
const transact = prototype.$transaction;
prototype.$transaction = async function (...args) {
  const result = await transact.apply(this, args);
  process.send?.({ committedAt: monotonicMs() } satisfies Commit);
  return result;
};
