/**
 * Text as it may stand in a document: line ends are line feeds, and what cannot be seen but changes how the rest is read
 * is gone (control characters, overrides of the writing direction, halves of surrogate pairs).
 */
export function plainText(value: string): string {
  return cleanText(value).trim();
}

/** The same with the white space at its ends. */
export function cleanText(value: string): string {
  return value
    .toWellFormed()
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, "\n")
    .replace(/\t/g, " ")
    .replace(/[^\P{Cc}\n]|[\u202d\u202e\ufeff\ufff9-\ufffb]/gu, "");
}

/** The same on one line. */
export function plainLine(value: string): string {
  return plainText(value).replace(/\s*\n\s*/g, " ");
}

/** A key or a choice in words: "estimatedWeeks" is "Estimated weeks", "HIGH" is "High". */
export function inWords(name: string): string {
  const words = name
    .replace(/([\p{Ll}\p{N}])(?=\p{Lu})/gu, "$1 ")
    .replace(/_+/g, " ")
    .trim()
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
