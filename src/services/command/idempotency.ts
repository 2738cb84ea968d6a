import { z } from "zod";
import { IdempotencyMismatchError, type Refusal, reviveRefusal } from "../../domain/errors.ts";
import { hashJson } from "../../domain/event/hash.ts";
import { parseInput } from "../../domain/parse.ts";
import { optionalText } from "../../domain/text.ts";
import { Prisma } from "../../generated/prisma/client.ts";
import type { CommandResult, Transaction } from "./command.ts";

const KEPT_MS = 24 * 60 * 60 * 1000;

const KEY = z.object({ idempotencyKey: optionalText(255).min(1, "must not be empty") });

/** What a key remembers of the command that first used it. */
export type StoredOutcome =
  | { readonly result: CommandResult }
  | { readonly refusal: ReturnType<Refusal["toJSON"]> };

export interface IdempotentRequest {
  readonly userId: string;
  readonly key: string;
  readonly command: string;
  readonly requestHash: string;
}

/**
 * @param asked the command's input, and the API key that it is given with: what a person was answered is not given again
 *   to a key of theirs, which may see less, nor to another key
 * @throws ValidationError when the key is empty, longer than 255 characters, or cannot be stored
 */
export function idempotentRequest(
  userId: string,
  key: string,
  command: string,
  asked: { readonly input: unknown; readonly apiKeyId: string | null },
): IdempotentRequest {
  const { idempotencyKey } = parseInput(KEY, { idempotencyKey: key });
  const { input, apiKeyId } = asked;
  const requestHash = hashJson(apiKeyId === null ? [command, input] : [command, input, apiKeyId]);
  return { userId, key: idempotencyKey, command, requestHash };
}

/**
 * Takes the key for this command, or finds what it came to the first time.
 *
 * One statement decides: the insert waits for another transaction that holds the same key, so of two equal
 * requests at once the second finds the first's result. A key older than 24 hours is taken anew.
 *
 * @param checkRepeat is called before anything is said of the first command: who may not see it any more is refused by it
 * @returns null when the key is this command's now, otherwise the first result
 * @throws IdempotencyMismatchError when the key was used with another command, input or API key
 * @throws the first command's refusal, when it was refused
 */
export async function claimKey(
  tx: Transaction,
  request: IdempotentRequest,
  now: Date,
  checkRepeat: () => Promise<void>,
): Promise<CommandResult | null> {
  const { userId, key, command, requestHash } = request;
  const expiresAt = new Date(now.getTime() + KEPT_MS);
  const claimed = await tx.$executeRaw`
    INSERT INTO idempotency_record (user_id, key, command, request_hash, created_at, expires_at)
    VALUES (${userId}::uuid, ${key}, ${command}, ${requestHash}, ${now}, ${expiresAt})
    ON CONFLICT (user_id, key) DO UPDATE
      SET command = EXCLUDED.command, request_hash = EXCLUDED.request_hash, outcome = NULL,
          created_at = EXCLUDED.created_at, expires_at = EXCLUDED.expires_at
      WHERE idempotency_record.expires_at <= ${now}`;
  if (claimed === 1) return null;
  await checkRepeat();
  const record = await tx.idempotencyRecord.findUniqueOrThrow({ where: { userId_key: { userId, key } } });
  if (record.requestHash !== requestHash) throw new IdempotencyMismatchError();
  const outcome = record.outcome as unknown as StoredOutcome;
  if ("refusal" in outcome) throw reviveRefusal(outcome.refusal);
  return outcome.result;
}

/** What remembers under the key what the command came to: an UPDATE that more conditions may follow. */
export function storeOutcome({ userId, key }: IdempotentRequest, outcome: StoredOutcome): Prisma.Sql {
  return Prisma.sql`UPDATE idempotency_record SET outcome = ${JSON.stringify(outcome)}::jsonb
    WHERE user_id = ${userId}::uuid AND key = ${key}`;
}

/** Deletes the records that are past their 24 hours. @returns how many there were */
export async function purgeExpiredKeys(
  prisma: Pick<Transaction, "idempotencyRecord">,
  now: Date,
): Promise<number> {
  const { count } = await prisma.idempotencyRecord.deleteMany({ where: { expiresAt: { lte: now } } });
  return count;
}
