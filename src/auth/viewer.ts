import type { KeyAccess } from "../domain/account/permissions.ts";

/** Who is asking. Everything that a request may see or change is scoped to this. */
export interface Viewer {
  readonly userId: string;
  /** Never with an API key. */
  readonly isAdmin: boolean;
  /** When the proof of identity ends; null where there is none to expire (development, a key without end). */
  readonly expiresAt: Date | null;
  /** The API key that proves it; null where a token does, or nothing has to. */
  readonly key: KeyAccess | null;
}
