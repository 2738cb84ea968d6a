/**
 * What the ratios of `npm run bench:check` may not fall below: about half of what docs/PERFORMANCE.md says of them, so that
 * other work on the machine is no reason to fail. Higher is better in all of them. A change that makes something faster for good
 * raises its floor.
 */
export const FLOORS = {
  /** Answers per second of the nested page, against hand-written SQL behind node:http. */
  nestedRead: 0.33,
  /** The same of one project with its stages. */
  smallRead: 0.25,
  /** Guarded transitions per second by the command, with idempotency keys, against the same rows by hand-written SQL. */
  transition: 0.4,
  /** Answers per second of the list of somebody's 1,000 projects among 20,000, against among 1,000. */
  largeList: 0.56,
} as const;
