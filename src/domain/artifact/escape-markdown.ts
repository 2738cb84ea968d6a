/**
 * A text without line feeds as Markdown that shows exactly it: nothing in it is markup, HTML or a link. The result can
 * stand at the beginning of a line, in a heading, in a list or in the cell of a table.
 */
export function escapeText(line: string): string {
  return (
    line
      // Each of them can begin a span, a link, an autolink, HTML or the next cell.
      .replace(/[\\`*[\]<~|]/g, "\\$&")
      // Between letters it is only itself, and stays readable in snake_case.
      .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\_")
      .replace(/&(?=#?\w+;)/g, "\\&")
      // What GitHub makes a link of by itself, taking it as it is written, with the backslashes of the others.
      .replace(/:(?=\/\/)|(?<=www)\./gi, "\\$&")
      // A heading, the end of one, a reference to an issue.
      .replace(/(?<=^|\s)#/g, "\\#")
      // GitHub reads formulas between dollars; amounts of money are none.
      .replace(/\$(?!\d)/g, "\\$")
      .replace(/^[>+=-]|^:(?=-)/, "\\$&")
      .replace(/^(\d{1,9})(?=[.)](\s|$))/, "$1\\")
  );
}
