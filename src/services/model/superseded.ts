/** Somebody else does this work, or has done it: what this attempt has is of no use any more. */
export class SupersededError extends Error {
  override readonly name = "SupersededError";
}

/** Runs work until it is done or somebody else has taken it over. @throws whatever else goes wrong */
export async function unlessSuperseded(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof SupersededError)) throw error;
  }
}
