import { type DestinationStream, pino } from "pino";

/** How long a line waits at the most, in milliseconds. */
const LATEST_MS = 100;
/** It waits no longer when there is so much of them. */
const BATCH_BYTES = 8 * 1024;
/** What waits for a reader that does not keep up: some 80,000 lines. */
const MAX_WAITING_BYTES = 16 * 1024 * 1024;

/**
 * Where a log's lines go: many at a time, beside the event loop. A line after a pause is written at once, the others within
 * 100 ms; at the end of the process all of them are, unless it is killed. Nobody waits for a reader that does not keep up:
 * what there is no room for is lost, and counted.
 *
 * @param fd the open file, pipe or socket that they are written to
 * @param onLost called when there is room again, with how many lines there was none for
 */
export function openLogDestination(fd: number, onLost: (lines: number) => void): DestinationStream {
  const stream = pino.destination({
    fd,
    sync: false,
    minLength: BATCH_BYTES,
    maxLength: MAX_WAITING_BYTES,
    // As text it would count, at each line, the bytes of those that wait.
    contentMode: "buffer",
  });
  let waitingBytes = 0;
  let pause: NodeJS.Timeout | undefined;
  let lost = 0;

  /** Writes what waits. While something is being written it cannot, and tries again until nothing waits. */
  function flush(): void {
    stream.flush();
    pause = setTimeout(() => {
      pause = undefined;
      if (waitingBytes > 0) flush();
    }, LATEST_MS).unref();
  }

  stream.on("write", (written: number) => {
    waitingBytes -= written;
  });
  stream.on("drop", (line: Uint8Array) => {
    waitingBytes -= line.byteLength;
    lost += 1;
  });
  stream.on("drain", () => {
    if (lost === 0) return;
    const lines = lost;
    lost = 0;
    onLost(lines);
  });

  return {
    write(line) {
      const bytes = Buffer.from(line);
      waitingBytes += bytes.byteLength;
      // Its types know text only.
      stream.write(bytes as unknown as string);
      if (!pause) flush();
    },
  };
}
