/** Who somebody is. `issuer` and `subject` together say it. */
export interface Identity {
  readonly issuer: string;
  readonly subject: string;
  readonly displayName: string | null;
}

/** The one user of a server without authentication, which listens on loopback only. */
export const DEVELOPER: Identity = {
  issuer: "gatehouse:development",
  subject: "developer",
  displayName: "Developer",
};
