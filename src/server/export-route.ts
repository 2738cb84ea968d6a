import type { IncomingMessage, ServerResponse } from "node:http";
import type { Viewer } from "../auth/viewer.ts";
import { errorBody, respondJson } from "./respond.ts";

export const EXPORT_FORMATS = ["md", "pdf"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** How many units of the rate limit a file takes: as an operation that reads and writes as much would. */
export const EXPORT_UNITS: Readonly<Record<ExportFormat, number>> = { md: 5, pdf: 20 };

/** What somebody wants to download. */
export interface ExportRequest {
  readonly viewer: Viewer;
  /** As it stands in the path. */
  readonly projectId: string;
  readonly format: ExportFormat;
  /** The query's `variant`; null when there is none. */
  readonly variant: string | null;
}

export interface ExportFile {
  readonly contentType: string;
  readonly contentDisposition: string;
  readonly body: string | Uint8Array;
}

/**
 * Makes the file, as its viewer may see it.
 *
 * @returns null when there is no such project or it is someone else's; BUSY when it has to be asked for later
 * @throws ValidationError for what is no id or no variant
 */
export type MakeExport = (request: ExportRequest) => Promise<ExportFile | "BUSY" | null>;

/** The parts of `/export/projects/ID.md`; null for any other path. */
export function exportPathOf(path: string): Pick<ExportRequest, "projectId" | "format"> | null {
  const match = /^\/export\/projects\/([^/]+)\.([a-z]+)$/.exec(path);
  const format = EXPORT_FORMATS.find((each) => each === match?.[2]);
  return match?.[1] !== undefined && format ? { projectId: match[1], format } : null;
}

/** Answers GET and HEAD with the file. It is made anew each time, and nobody between may keep it. */
export async function respondExport(
  req: IncomingMessage,
  res: ServerResponse,
  makeExport: MakeExport,
  request: Omit<ExportRequest, "variant">,
): Promise<void> {
  const variant = new URL(req.url ?? "", "http://localhost").searchParams.get("variant");
  const file = await makeExport({ ...request, variant });
  if (!file) {
    return respondJson(res, 404, errorBody("There is no such project.", "NOT_FOUND"));
  }
  if (file === "BUSY") {
    const message = "Several exports are being made. Try again in a minute.";
    return respondJson(res, 503, errorBody(message, "BUSY"), { "Retry-After": "60" });
  }
  const body = Buffer.from(file.body);
  res.writeHead(200, {
    "Content-Type": file.contentType,
    "Content-Length": body.byteLength,
    "Content-Disposition": file.contentDisposition,
    "Cache-Control": "private, no-store",
  });
  res.end(req.method === "HEAD" ? undefined : body);
}
