/**
 * Listens for SIGTERM and SIGINT from now on, so that they end nothing halfway; a second one of the same kind does.
 * @returns aborted by the first of them, with its name as the reason
 */
export function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => stop.abort(signal));
  return stop.signal;
}
