import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DOCUMENTS } from "../../../src/domain/artifact/documents.ts";
import { projectMarkdown } from "../../../src/domain/artifact/markdown.ts";
import { inWords, plainLine, plainText } from "../../../src/domain/artifact/plain-text.ts";
import { AT, artifact, facts, read } from "./read-markdown.ts";

describe("hostile content", () => {
  const HOSTILE = [
    "# heading",
    "## a ##",
    "a\n===",
    "a\n---",
    "***",
    "- item",
    "+ item",
    "* item",
    "1. one",
    "2) two",
    "> quote",
    "```\ncode\n```",
    "    indented",
    "~~~",
    "`code`",
    "``",
    "**bold**",
    "__bold__",
    "_it_",
    "snake_case_name",
    "~~gone~~",
    "<script>alert(1)</script>",
    "<!-- x",
    "<img src=x onerror=alert(1)>",
    "</td>",
    "<https://evil.example>",
    "[x](javascript:alert(1))",
    "![x](data:text/html,x)",
    "[x]: http://evil.example",
    "[^1]",
    "- [ ] task",
    "a | b | c",
    "a\n| --- |",
    "a\n:--",
    "\\",
    "\\|",
    "a\\",
    "&lt;b&gt;",
    "&#60;",
    "a\n\n# b",
    "a\r\n\r\n> b",
    "\ta",
    "\u2028# a",
    "a\u0000b",
    "\u202ea",
    "\ud800",
    "  \nb",
    "---\ntype: EVIL\n---",
    "$x$ costs $5",
    "*",
    "**",
    "|",
    "#",
    "1.",
    "😀 # - ",
    "\u00a0# a",
    "]",
    "](",
    "![",
    "!",
    "<",
    "a  ",
    "**a",
    "C# ##",
    "=",
    "a<br>b",
    "http://a.example/<b>",
  ];
  const fragment = fc.oneof(
    fc.constantFrom(...HOSTILE),
    fc.constantFrom(..."#*_`~<>[]()!|\\-+=.:&$1a \n\t"),
    fc.string({ unit: "binary", maxLength: 5 }),
  );
  const hostile = fc.array(fragment, { minLength: 1, maxLength: 6 }).map((parts) => parts.join(""));
  const seen = (text: string) => plainLine(text).replace(/\s+/g, " ").trim() || "–";
  const flat = (text: string) => text.replace(/\s+/g, " ").trim();
  /** What no value may turn into. */
  const FORBIDDEN = [
    "html_block",
    "html_inline",
    "image",
    "fence",
    "code_block",
    "blockquote_open",
    "hr",
    "s_open",
  ];

  const check = (text: string, variant: "READABLE" | "TECHNICAL") => {
    const content = {
      coreFeatures: [{ name: text, description: text, priority: text }],
      outOfScope: [text, "next"],
      successMetrics: ["only"],
      technicalArchitecture: text,
    };
    const page = read(artifact({ document: DOCUMENTS.MVP_SCOPE, content, variant }));
    expect(page.headings).toHaveLength(6);
    const cell = plainLine(text) === "" ? "" : seen(text);
    expect(page.cells.map(flat)).toEqual([cell, cell, variant === "READABLE" ? flat(inWords(cell)) : cell]);
    expect(page.items.map(flat)).toEqual([seen(text), "next", "only"]);
    expect(FORBIDDEN.filter((type) => page.types.has(type))).toEqual([]);
    expect(page.links.filter((link) => !/^(https?|mailto|ftp):/.test(link))).toEqual([]);
    const wanted = plainText(text)
      .split(/\n\s*\n/)
      .map(seen);
    expect(page.paragraphs.map(flat)).toEqual(expect.arrayContaining(wanted));
  };

  test.each(HOSTILE)("%j is shown as it is", (text) => {
    check(text, "READABLE");
    check(text, "TECHNICAL");
  });

  test("is shown as it is, whatever it is made of", () => {
    fc.assert(fc.property(hostile, fc.constantFrom("READABLE" as const, "TECHNICAL" as const), check), {
      numRuns: 1_500,
    });
  });

  test("makes no formula of amounts between dollars", () => {
    // GitHub's own, which no parser here knows: a dollar that ends one is escaped.
    expect(artifact({ content: { keyConstraint: "$5 to $10, or $x$" } })).toContain(
      "$5 to $10, or \\$x\\$\n",
    );
  });

  test("in names makes one heading each", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const risk = { title: text, description: "d", severity: "HIGH", mitigation: "m" };
        const documents = { RISK_LOG: facts({ content: { technicalRisks: [risk] } }) };
        const page = read(
          projectMarkdown({ name: text, description: text, date: AT, documents, variant: "READABLE" }),
        );
        expect(flat(page.headings[0] ?? "")).toBe(`# ${seen(text)}`);
        expect(page.headings.map(flat)).toContain(`#### ${seen(text)}`);
        expect(page.headings).toHaveLength(1 + 1 + 5 + 5 + 1);
        expect(FORBIDDEN.filter((type) => page.types.has(type))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
