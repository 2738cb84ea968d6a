/** A text that a model said, as it can be stored and sent. */
export function saidText(text: string): string {
  const said = new SaidText();
  return said.take(text) + said.end();
}

/**
 * Takes the pieces of a text that a model says and makes of them what can be stored and sent: NUL characters are left
 * out, and half a surrogate pair waits for its other half, which comes with the next piece.
 */
export class SaidText {
  #held = "";

  /** What can be passed on of everything that has come and was not passed on yet. */
  take(piece: string): string {
    const text = this.#held + piece.replaceAll("\u0000", "");
    const isHalf = /[\ud800-\udbff]$/.test(text);
    this.#held = isHalf ? text.slice(-1) : "";
    return (isHalf ? text.slice(0, -1) : text).toWellFormed();
  }

  /** What is left when nothing more comes. */
  end(): string {
    const rest = this.#held.toWellFormed();
    this.#held = "";
    return rest;
  }
}
