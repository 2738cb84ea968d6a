// Loaded into the server before its own code (--import): tells the benchmark when each transaction was committed,
// as the server learns it. A client cannot see that moment: its answer comes later, the event's own time is earlier.
import { PrismaPg } from "@prisma/adapter-pg";
import type { SqlDriverAdapter, SqlDriverAdapterFactory } from "@prisma/driver-adapter-utils";
import { PrismaPGlite } from "pglite-prisma-adapter";
import { monotonicMs } from "./monotonic.ts";

export interface Commit {
  /** On the monotonic clock. */
  readonly committedAt: number;
}

for (const { prototype } of [PrismaPg, PrismaPGlite] as { prototype: SqlDriverAdapterFactory }[]) {
  const { connect } = prototype;
  prototype.connect = async function () {
    return withProbe(await connect.call(this));
  };
}

function withProbe(adapter: SqlDriverAdapter): SqlDriverAdapter {
  const start = adapter.startTransaction.bind(adapter);
  adapter.startTransaction = async (level) => {
    const transaction = await start(level);
    const commit = transaction.commit.bind(transaction);
    transaction.commit = async () => {
      await commit();
      process.send?.({ committedAt: monotonicMs() } satisfies Commit);
    };
    return transaction;
  };
  return adapter;
}
