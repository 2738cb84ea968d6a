import { Worker } from "node:worker_threads";
import type { ProjectPdfInput } from "./project-pdf.ts";

/** Documents at their limits take ten seconds. */
const LIMIT_MS = 60_000;
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

/**
 * Makes a PDF beside the thread that answers requests: setting pages is seconds of work for large documents. One is made at a
 * time, the others wait for it.
 *
 * @throws PdfBusyError when eight wait already; an error when it takes longer than a minute
 */
export async function renderPdf(input: ProjectPdfInput): Promise<Uint8Array> {
  if (waiting >= MAX_WAITING) throw new PdfBusyError();
  waiting += 1;
  const rendered = last.then(() => renderInWorker(input));
  last = rendered.catch(() => {});
  try {
    return await rendered;
  } finally {
    waiting -= 1;
  }
}

function renderInWorker(input: ProjectPdfInput): Promise<Uint8Array> {
  const worker = new Worker(new URL("./pdf-worker.ts", import.meta.url), { workerData: input });
  const limit = setTimeout(() => void worker.terminate(), LIMIT_MS);
  return new Promise<Uint8Array>((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.once("exit", () => reject(new Error(`The PDF was not made within ${LIMIT_MS / 1_000} seconds.`)));
  }).finally(() => clearTimeout(limit));
}
