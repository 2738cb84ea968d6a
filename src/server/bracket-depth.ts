const HASH = 35;
const QUOTE = 34;
const BACKSLASH = 92;
const NEWLINE = 10;
const RETURN = 13;

/**
 * How deep the brackets of a GraphQL document or of a JSON text nest: (, [ and {, outside of strings and comments. Looked
 * at before anything reads the text, since whatever reads it may call itself once per level.
 *
 * A text that is neither is counted somehow: its parser refuses it where it stops to make sense.
 */
export function bracketDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  let at = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === 40 || code === 91 || code === 123) {
      depth += 1;
      if (depth > deepest) deepest = depth;
    } else if (code === 41 || code === 93 || code === 125) {
      depth -= 1;
    } else if (code === QUOTE) {
      at = endOfString(text, at);
      continue;
    } else if (code === HASH) {
      at = endOfLine(text, at);
      continue;
    }
    at += 1;
  }
  return deepest;
}

/** Where what follows the string that begins here begins. */
function endOfString(text: string, start: number): number {
  if (text.startsWith('"""', start)) return endOfBlockString(text, start);
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at += 1;
    else if (code === QUOTE) return at + 1;
  }
  return text.length;
}

function endOfBlockString(text: string, start: number): number {
  for (let from = start + 3; ; ) {
    const end = text.indexOf('"""', from);
    if (end < 0) return text.length;
    if (text.charCodeAt(end - 1) !== BACKSLASH) return end + 3;
    from = end + 3;
  }
}

function endOfLine(text: string, start: number): number {
  for (let at = start; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === NEWLINE || code === RETURN) return at;
  }
  return text.length;
}
