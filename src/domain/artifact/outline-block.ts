/** A stretch of text. What it says is shown as it is: nothing in it is markup. */
export interface Span {
  readonly text: string;
  readonly style?: "STRONG" | "EMPHASIS" | "CODE";
}
/** Text that may have line feeds. */
export type Rich = readonly Span[];

/** A part of a page, whatever it is written in. */
export type Block =
  /** The name of an item, below the heading of its section. */
  | { readonly kind: "SUBHEADING"; readonly text: string }
  | { readonly kind: "PARAGRAPH"; readonly text: Rich }
  | { readonly kind: "LIST"; readonly ordered: boolean; readonly items: readonly Rich[] }
  | {
      readonly kind: "TABLE";
      readonly columns: readonly string[];
      readonly rows: readonly (readonly Rich[])[];
    };

export const line = (text: string): Span => ({ text });
export const strong = (text: string): Span => ({ text, style: "STRONG" });
export const emphasis = (text: string): Span => ({ text, style: "EMPHASIS" });
export const code = (text: string): Span => ({ text, style: "CODE" });
