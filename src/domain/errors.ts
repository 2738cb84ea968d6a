/** One thing that is wrong with an input, and where. */
export interface ValidationIssue {
  /** Where in the input: field names and list positions, joined by dots ("milestone.weight"). */
  readonly path: string;
  readonly message: string;
}

/**
 * A failure that a client can act on. It is data of the API, never a fault of the server: the schema turns
 * each kind into a member of the mutation's result union.
 *
 * `toJSON` and `reviveRefusal` let a refusal be stored under an idempotency key and given again, word for word.
 */
export abstract class DomainError extends Error {
  abstract readonly kind: string;
  abstract toJSON(): Record<string, unknown> & { kind: string; message: string };
}

/** There is no such thing, or it is someone else's: the two are never told apart. */
export class NotFoundError extends DomainError {
  readonly kind = "NotFound";

  toJSON() {
    return { kind: this.kind, message: this.message };
  }
}

/** The input itself is wrong, whatever the state of things. */
export class ValidationError extends DomainError {
  readonly kind = "Validation";
  readonly issues: readonly ValidationIssue[];

  constructor(issues: readonly ValidationIssue[]) {
    super(issues.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join("; "));
    this.issues = issues;
  }

  toJSON() {
    return { kind: this.kind, message: this.message, issues: this.issues };
  }
}

export interface GuardRejection {
  /** The first rule that failed. */
  readonly rule: string;
  readonly message: string;
  /** The state that things are in, and the one that was asked for; null where no state was asked for. */
  readonly from: string | null;
  readonly to: string | null;
  /** The states that could be asked for instead, now. */
  readonly allowed: readonly string[];
}

/** A rule of a machine stands in the way. */
export class GuardRejectedError extends DomainError {
  readonly kind = "GuardRejected";
  readonly rejection: GuardRejection;

  constructor(rejection: GuardRejection) {
    super(rejection.message);
    this.rejection = rejection;
  }

  toJSON() {
    return { kind: this.kind, ...this.rejection };
  }
}

/** Somebody was faster, or the client acts on what it read too long ago. */
export class ConflictError extends DomainError {
  readonly kind = "Conflict";
  /** What the thing is now: a state or a short description of it. */
  readonly currentState: string;
  /** Its version now, where it has one. */
  readonly currentVersion: number | null;

  constructor(message: string, currentState: string, currentVersion: number | null = null) {
    super(message);
    this.currentState = currentState;
    this.currentVersion = currentVersion;
  }

  toJSON() {
    return {
      kind: this.kind,
      message: this.message,
      currentState: this.currentState,
      currentVersion: this.currentVersion,
    };
  }
}

/** The owner's plan does not allow more. */
export class QuotaExceededError extends DomainError {
  readonly kind = "QuotaExceeded";
  readonly limit: number;
  readonly used: number;

  constructor(message: string, limit: number, used: number) {
    super(message);
    this.limit = limit;
    this.used = used;
  }

  toJSON() {
    return { kind: this.kind, message: this.message, limit: this.limit, used: this.used };
  }
}

/** An idempotency key that was used before, with another command or another input. */
export class IdempotencyMismatchError extends DomainError {
  readonly kind = "IdempotencyMismatch";

  constructor() {
    super("This idempotencyKey was used before with another input. Use a new key for a new command.");
  }

  toJSON() {
    return { kind: this.kind, message: this.message };
  }
}

/** The refusals that a command can make once it has begun: those that an idempotency key remembers. */
export type Refusal = GuardRejectedError | ConflictError;

/** Makes the refusal again that `toJSON` wrote. */
export function reviveRefusal(json: ReturnType<Refusal["toJSON"]>): Refusal {
  if ("rule" in json) {
    const { rule, message, from, to, allowed } = json;
    return new GuardRejectedError({ rule, message, from, to, allowed });
  }
  return new ConflictError(json.message, json.currentState, json.currentVersion);
}
