/** Migrations could not be applied, or the schema engine could not do what was asked. */
export class MigrationError extends Error {
  override readonly name = "MigrationError";
}
