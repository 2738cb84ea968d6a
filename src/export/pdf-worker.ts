import { parentPort, workerData } from "node:worker_threads";
import { makeProjectPdf } from "./project-pdf.ts";

/** Makes one PDF of what the thread was started with, and sends it back. */
parentPort?.postMessage(await makeProjectPdf(workerData));
