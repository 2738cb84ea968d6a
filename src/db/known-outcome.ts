import type { PrismaClient } from "../generated/prisma/client.ts";
import { isOutage, NotStoredError, OutcomeUnknownError } from "./outage.ts";

type Transact = (work: unknown, options?: unknown) => Promise<unknown>;

/**
 * Has the client's interactive transactions tell, when the database fails, what has become of them: NotStoredError when that was
 * before the COMMIT, OutcomeUnknownError from then on. PostgreSQL undoes what it was not told to commit; whether a COMMIT
 * without an answer was heard only the database knows.
 */
export function tellOutcomes(client: PrismaClient): PrismaClient {
  const transact = client.$transaction.bind(client) as unknown as Transact;
  const telling: Transact = async (work, options) => {
    if (typeof work !== "function") return transact(work, options);
    let isCommitting = false;
    try {
      return await transact(async (tx: unknown) => {
        const result: unknown = await work(tx);
        isCommitting = true;
        return result;
      }, options);
    } catch (error) {
      // Whatever a COMMIT fails with, its outcome is unknown.
      if (isCommitting) throw new OutcomeUnknownError("the COMMIT failed", { cause: error });
      if (isOutage(error))
        throw new NotStoredError("the transaction failed before its COMMIT", { cause: error });
      throw error;
    }
  };
  return Object.assign(client, { $transaction: telling });
}
