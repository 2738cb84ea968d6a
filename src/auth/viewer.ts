/** Who is asking. Everything that a request may see or change is scoped to this. */
export interface Viewer {
  readonly userId: string;
  readonly isAdmin: boolean;
  /** When the proof of identity ends; null where there is none to expire (development). */
  readonly expiresAt: Date | null;
}
