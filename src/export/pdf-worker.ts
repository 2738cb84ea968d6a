import { parentPort, workerData } from "node:worker_threads";
import { projectPdf } from "./project-pdf.ts";

/** Makes one PDF of what the thread was started with, and sends it back. */
parentPort?.postMessage(await projectPdf(workerData));
