/** A row for which something has to happen at a moment, such as the end of a lease. */
export interface DueRow {
  readonly id: string;
  readonly dueAt: Date;
}
