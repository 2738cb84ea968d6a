import { createLogUpdate } from "log-update";
import type { Space } from "./run-view.ts";

/** Between two drawings: faster than one can read, slow enough for a thousand events a second. */
const FRAME_MS = 50;

/** Where a watched log is shown: lines that stay, and below them what is drawn anew. */
export interface Screen {
  print(line: string): void;
  /** Something has changed of what is drawn anew. */
  update(): void;
  /** Draws once more and leaves the terminal as it was found. */
  close(): void;
}

/** Only lines that stay: for files and pipes. */
export function openPlainScreen(stream: NodeJS.WritableStream): Screen {
  return { print: (line) => void stream.write(`${line}\n`), update: () => {}, close: () => {} };
}

/** Whether lines can be drawn anew: on a terminal, unless it does not know how large it is, as some of a CI. */
export function canDraw({ isTTY, columns, rows }: NodeJS.WriteStream): boolean {
  return isTTY && columns > 0 && rows > 0;
}

/** A terminal. `draw` is asked for the lines below at most 20 times a second. */
export function openLiveScreen(
  stream: NodeJS.WriteStream,
  draw: (space: Space) => readonly string[],
): Screen {
  const log = createLogUpdate(stream);
  let waiting: NodeJS.Timeout | undefined;
  let printed: string[] = [];

  function frame(): void {
    waiting = undefined;
    if (printed.length > 0) log.persist(printed.join("\n"));
    printed = [];
    log(draw({ columns: stream.columns, rows: stream.rows }).join("\n"));
  }
  function update(): void {
    waiting ??= setTimeout(frame, FRAME_MS);
  }

  stream.on("resize", update);
  return {
    print(line) {
      printed.push(line);
      update();
    },
    update,
    close() {
      stream.off("resize", update);
      clearTimeout(waiting);
      frame();
      log.done();
    },
  };
}
