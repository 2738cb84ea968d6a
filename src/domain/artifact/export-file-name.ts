import { plainLine } from "./plain-text.ts";

/** Longer names are cut: file systems take 255 bytes. */
const MAX_CHARACTERS = 60;
const NAMELESS = "project";
/** What Windows takes for a device, whatever follows the first dot. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i;

export interface ExportFileName {
  /** The name with its extension, in the letters of the project's name. */
  readonly name: string;
  /** The same in ASCII, for who knows no other letters. */
  readonly ascii: string;
  /** The value of the Content-Disposition header (RFC 6266, with the name as RFC 5987 wants it). */
  readonly contentDisposition: string;
}

/** The name of the file that a project is exported to; nothing in it is a path, whatever the project is called. */
export function exportFileName(projectName: string, extension: string): ExportFileName {
  const name = `${safeName(projectName)}.${extension}`;
  const latin = plainLine(projectName).normalize("NFKD").replace(/\p{M}/gu, "");
  const ascii = `${safeName(latin.replace(/[^\x20-\x7e]+/g, "-").replace(/[%;]/g, "-"))}.${extension}`;
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return { name, ascii, contentDisposition: `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}` };
}

function safeName(text: string): string {
  const name = plainLine(text)
    .replace(/[\\/:*?"<>|]+/g, "-")
    .replace(/[\p{Cf}\p{Co}\p{Cn}]/gu, "")
    .replace(/-{2,}/g, "-");
  const cut = [...name].slice(0, MAX_CHARACTERS).join("");
  const trimmed = cut.replace(/^[\s.-]+|[\s.-]+$/g, "");
  return trimmed === "" ? NAMELESS : trimmed.replace(DEVICE, "$1-");
}
