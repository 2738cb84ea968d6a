/** More places where an object could begin are not tried: each may be read to the end of the text. */
const MAX_PLACES = 50;

/** A JSON object that stands in a text. */
export interface FoundObject {
  readonly value: unknown;
  /** Whether it stands within braces that are no JSON, such as those of an object that was cut off. */
  readonly isInner: boolean;
}

/**
 * The JSON objects in a text, in order, wherever they stand: after a sentence, in a code fence, before a remark. Objects
 * within objects are not listed.
 */
export function objectsIn(text: string): FoundObject[] {
  const objects: FoundObject[] = [];
  let brokenUntil = 0;
  let start = text.indexOf("{");
  for (let places = 0; start >= 0 && places < MAX_PLACES; places++) {
    const end = endOfObject(text, start);
    const value = end === null ? undefined : parse(text.slice(start, end));
    if (value !== undefined) objects.push({ value, isInner: start < brokenUntil });
    else brokenUntil = Math.max(brokenUntil, end ?? text.length);
    start = text.indexOf("{", value === undefined || end === null ? start + 1 : end);
  }
  return objects;
}

/** Where the object that begins at `start` ends; null when its braces do not balance. Those in strings do not count. */
function endOfObject(text: string, start: number): number | null {
  let depth = 0;
  let isString = false;
  for (let index = start; index < text.length; index++) {
    const character = text[index];
    if (character === '"') isString = !isString;
    else if (isString && character === "\\") index += 1;
    else if (!isString && character === "{") depth += 1;
    else if (!isString && character === "}" && --depth === 0) return index + 1;
  }
  return null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
