/** Something on the server as it was when it was last read. */
export interface LiveValue<T> {
  readonly value: T | null;
  /** Reads it again, at once or after the reading that is under way: however often it is called, no two at once. */
  refresh(): void;
  /** Resolves when what was asked for has been read, or could not be. */
  settled(): Promise<void>;
}

/** A reading that fails leaves the value as it was: who watches the connection says so, and asks again. */
export function liveValue<T>(load: () => Promise<T | null>, onChange: () => void): LiveValue<T> {
  let value: T | null = null;
  let isStale = false;
  let reading: Promise<void> | null = null;

  async function read(): Promise<void> {
    try {
      while (isStale) {
        isStale = false;
        value = await load();
        onChange();
      }
    } catch {
      // The value stays as it was.
    } finally {
      // In the same step as the last look at isStale: no refresh can fall between.
      reading = null;
    }
  }

  return {
    get value() {
      return value;
    },
    refresh() {
      isStale = true;
      reading ??= read();
    },
    async settled() {
      await reading;
    },
  };
}
