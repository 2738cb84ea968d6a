import type { Plan } from "./account/plan.ts";
import type { EditedSection } from "./artifact/generation.ts";
import type { GuardRule } from "./guard.ts";

/** One thing that is wrong with an input, and where. */
export interface ValidationIssue {
  /** Where in the input: field names and list positions, joined by dots ("milestone.weight"). */
  readonly path: string;
  readonly message: string;
}

/**
 * A failure that a client can act on. It is data of the API, never a fault of the server: the schema turns
 * each class into a member of the mutation's result union.
 */
export abstract class DomainError extends Error {}

/** There is no such thing, or it is someone else's: the two are never told apart. */
export class NotFoundError extends DomainError {}

/** The input itself is wrong, whatever the state of things. */
export class ValidationError extends DomainError {
  readonly issues: readonly ValidationIssue[];

  constructor(issues: readonly ValidationIssue[]) {
    super(issues.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join("; "));
    this.issues = issues;
  }
}

export interface GuardRejection {
  /** The first rule that failed. */
  readonly rule: GuardRule;
  readonly message: string;
  /** The state that things are in, and the one that was asked for; null where no state was asked for. */
  readonly from: string | null;
  readonly to: string | null;
  /** The states, or the decisions of a gate, that could be asked for instead, now. */
  readonly allowed: readonly string[];
}

/** A rule of a machine stands in the way. */
export class GuardRejectedError extends DomainError {
  readonly rejection: GuardRejection;

  constructor(rejection: GuardRejection) {
    super(rejection.message);
    this.rejection = rejection;
  }

  toJSON(): GuardRejection {
    return this.rejection;
  }
}

/** What somebody else decided first. */
export interface EarlierDecision {
  /** What was chosen; null when nothing was. */
  readonly decision: string | null;
  /** Who decided: the person's id, or null for the system. */
  readonly userId: string | null;
  /** When, as an ISO 8601 time in UTC. */
  readonly at: string;
}

/** Somebody was faster, or the client acts on what it read too long ago. */
export class ConflictError extends DomainError {
  /** What the thing is now: a state or a short description of it. */
  readonly currentState: string;
  /** Its version now, where it has one. */
  readonly currentVersion: number | null;
  /** What was decided about it, where it could be decided once. */
  readonly decided: EarlierDecision | null;
  /** The step attempt that is in progress, where that stands in the way. */
  readonly attemptId: string | null;

  constructor(
    message: string,
    currentState: string,
    currentVersion: number | null = null,
    decided: EarlierDecision | null = null,
    attemptId: string | null = null,
  ) {
    super(message);
    this.currentState = currentState;
    this.currentVersion = currentVersion;
    this.decided = decided;
    this.attemptId = attemptId;
  }

  toJSON(): {
    message: string;
    currentState: string;
    currentVersion: number | null;
    decided?: EarlierDecision;
    attemptId?: string;
  } {
    return {
      message: this.message,
      currentState: this.currentState,
      currentVersion: this.currentVersion,
      ...(this.decided && { decided: this.decided }),
      ...(this.attemptId !== null && { attemptId: this.attemptId }),
    };
  }
}

/** The owner's plan does not allow more. */
export class QuotaExceededError extends DomainError {
  readonly limit: number;
  readonly used: number;

  constructor(message: string, limit: number, used: number) {
    super(message);
    this.limit = limit;
    this.used = used;
  }
}

/** Sections that people have edited would be written anew. */
export class EditsWouldBeLostError extends DomainError {
  readonly sections: readonly EditedSection[];

  constructor(sections: readonly EditedSection[]) {
    const names = sections.map(({ type, section }) => `${type}.${section}`).join(", ");
    super(
      `People have edited what would be written anew: ${names}. With force the edited version is kept as the previous one.`,
    );
    this.sections = sections;
  }

  toJSON() {
    return { sections: this.sections };
  }
}

/** A section that the plan of the project's owner does not open. */
export class LockedTierError extends DomainError {
  readonly section: string;
  readonly requiredTier: Plan;

  constructor(section: string, requiredTier: Plan) {
    super(`The section "${section}" is not open to this project: it takes the ${requiredTier} plan.`);
    this.section = section;
    this.requiredTier = requiredTier;
  }

  toJSON() {
    return { section: this.section, requiredTier: this.requiredTier };
  }
}

/** An idempotency key that was used before, with another command, another input or another API key. */
export class IdempotencyMismatchError extends DomainError {
  constructor() {
    super(
      "This idempotencyKey was used before with another command, input or API key. Use a new key for a new command.",
    );
  }
}

/** The refusals that a command can make once it has begun: those that an idempotency key remembers. */
export type Refusal = GuardRejectedError | ConflictError | EditsWouldBeLostError | LockedTierError;

/** Makes the refusal again that `toJSON` wrote: a key's second use is refused word for word like its first. */
export function reviveRefusal(json: ReturnType<Refusal["toJSON"]>): Refusal {
  if ("rule" in json) return new GuardRejectedError(json);
  if ("sections" in json) return new EditsWouldBeLostError(json.sections);
  if ("requiredTier" in json) return new LockedTierError(json.section, json.requiredTier);
  const { message, currentState, currentVersion, decided = null, attemptId = null } = json;
  return new ConflictError(message, currentState, currentVersion, decided, attemptId);
}
