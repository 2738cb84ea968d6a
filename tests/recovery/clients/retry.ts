/** From a quarter of a second to ten seconds, with jitter, so that not all clients come back at once. */
export function waitBeforeRetry(retries: number): Promise<void> {
  const most = Math.min(250 * 2 ** retries, 10_000);
  return new Promise((resolve) => setTimeout(resolve, most * (0.5 + Math.random() / 2)));
}
