import { Worker } from "node:worker_threads";
import type { KnownFonts } from "./machine-fonts.ts";
import type { MadePdf, ProjectPdfInput } from "./project-pdf.ts";

/** Documents at their limits take ten seconds. */
const LIMIT_MS = 60_000;
/** A spoilt font that asks for more ends the thread, not the process. */
const MAX_HEAP_MB = 2_048;
/** How many may wait: whoever comes later is told to come again. */
const MAX_WAITING = 8;

/** There are as many PDFs to be made as this process takes on. */
export class PdfBusyError extends Error {
  override readonly name = "PdfBusyError";

  constructor() {
    super("Several PDFs are being made. Try again in a minute.");
  }
}

let waiting = 0;
let last: Promise<unknown> = Promise.resolve();
/** What the documents until now have found out about the machine's fonts: reading them all takes a second or more. */
let knownFonts: KnownFonts = new Map();

/**
 * Makes a PDF beside the thread that answers requests: setting pages is seconds of work for large documents. One is made at a
 * time, the others wait for it.
 *
 * @throws PdfBusyError when eight wait already; an error when it takes longer than a minute
 */
export async function renderPdf(input: Omit<ProjectPdfInput, "knownFonts">): Promise<Uint8Array> {
  if (waiting >= MAX_WAITING) throw new PdfBusyError();
  waiting += 1;
  const rendered = last.then(() => renderInAnyFont(input));
  last = rendered.catch(() => {});
  try {
    return await rendered;
  } finally {
    waiting -= 1;
  }
}

/** It took longer than a minute, which a busy machine can be the reason of. */
class PdfTimeoutError extends Error {
  override readonly name = "PdfTimeoutError";

  constructor() {
    super(`The PDF was not made within ${LIMIT_MS / 1_000} seconds.`);
  }
}

/** Whether fonts of the machine have brought a thread down in this process: none is used any more. */
let areFontsBroken = false;

/** A broken font can take all memory or all time. A document without it is better than none. */
async function renderInAnyFont(input: ProjectPdfInput): Promise<Uint8Array> {
  if (!areFontsBroken) {
    try {
      return await renderInWorker(input);
    } catch (error) {
      // It may be the document's own fault: then it fails again, and the fonts are innocent.
      const bytes = await renderInWorker({ ...input, fontPlaces: [] });
      areFontsBroken = !(error instanceof PdfTimeoutError);
      return bytes;
    }
  }
  return renderInWorker({ ...input, fontPlaces: [] });
}

function renderInWorker(input: ProjectPdfInput): Promise<Uint8Array> {
  const workerData = { ...input, knownFonts } satisfies ProjectPdfInput;
  const worker = new Worker(new URL("./pdf-worker.ts", import.meta.url), {
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
  });
  const limit = setTimeout(() => void worker.terminate(), LIMIT_MS);
  return new Promise<Uint8Array>((resolve, reject) => {
    worker.once("message", (made: MadePdf) => {
      knownFonts = made.knownFonts ?? knownFonts;
      resolve(made.bytes);
    });
    worker.once("error", reject);
    worker.once("exit", () => reject(new PdfTimeoutError()));
  }).finally(() => clearTimeout(limit));
}
