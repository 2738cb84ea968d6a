import { ConflictError } from "../errors.ts";
import { plainLine } from "../plain-line.ts";
import type { WorkstreamStatus } from "./state.ts";

/** How long a lease may be asked for, and how long it is unless told, in seconds. */
export const MIN_LEASE_SECONDS = 5;
export const MAX_LEASE_SECONDS = 3_600;
export const DEFAULT_LEASE_SECONDS = 300;

/** Who works on a workstream, and until when. */
export interface Lease {
  /** What every write under it has to present. */
  readonly token: string;
  readonly holder: string;
  readonly expiresAt: Date;
}

export interface LeasedWorkstream {
  readonly key: string;
  readonly status: WorkstreamStatus;
  /** How many times it has been claimed. */
  readonly attempt: number;
  readonly lease: Lease | null;
}

/** When a lease that begins now ends. */
export function leaseEnd(now: Date, seconds: number): Date {
  return new Date(now.getTime() + seconds * 1_000);
}

/** When a lease ends after a heartbeat: never earlier than before, also when the clock has jumped back. */
export function extendedEnd(current: Date, now: Date, seconds: number): Date {
  const end = leaseEnd(now, seconds);
  return end > current ? end : current;
}

/** A lease is over at the moment when it expires, whether or not a sweep has seen it. */
export function isExpired({ expiresAt }: Pick<Lease, "expiresAt">, now: Date): boolean {
  return expiresAt <= now;
}

/**
 * What refuses a write under that token: null when the token is of the present lease, otherwise the conflict,
 * which says how the workstream stands and who holds it now.
 */
export function lostLease(workstream: LeasedWorkstream, token: string, now: Date): ConflictError | null {
  const { key, status, attempt, lease } = workstream;
  if (lease?.token === token && !isExpired(lease, now)) return null;
  const conflict = (what: string) =>
    new ConflictError(`The lease on "${key}" is lost: ${what}`, status, attempt);
  if (!lease) return conflict(`the workstream is ${status} and nobody holds it.`);
  const expiry = lease.expiresAt.toISOString();
  if (isExpired(lease, now)) return conflict(`the last one, of ${nameOf(lease)}, expired at ${expiry}.`);
  return conflict(`${nameOf(lease)} holds it now, as attempt ${attempt}, until ${expiry}.`);
}

/** An agent's name as part of a sentence. */
function nameOf(lease: Pick<Lease, "holder"> | null): string {
  return plainLine(lease?.holder ?? "") || "An agent";
}

/**
 * What refuses to end work without its lease: an agent that left its token out must not pass for a person.
 * A person says that the work is taken from the agent.
 */
export function heldByAgent({ key, status, attempt, lease }: LeasedWorkstream): ConflictError {
  const message = `${nameOf(lease)} works on "${key}": present its leaseToken, or say takeBack: true to take the work from the agent.`;
  return new ConflictError(message, status, attempt);
}
