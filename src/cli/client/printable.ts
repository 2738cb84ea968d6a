import stringWidth from "string-width";

const GRAPHEMES = new Intl.Segmenter("en", { granularity: "grapheme" });

/** At most that many columns of a terminal; what is cut off leaves an ellipsis. For text without styles. */
export function truncate(text: string, columns: number): string {
  if (stringWidth(text) <= columns) return text;
  let fitting = "";
  let width = 1;
  for (const { segment } of GRAPHEMES.segment(text)) {
    width += stringWidth(segment);
    if (width > columns) break;
    fitting += segment;
  }
  return columns > 0 ? `${fitting}…` : "";
}
