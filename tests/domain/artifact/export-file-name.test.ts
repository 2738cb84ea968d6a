import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { exportFileName } from "../../../src/domain/artifact/export-file-name.ts";

describe("exportFileName", () => {
  test.each([
    ["Shelf Life", "Shelf Life.pdf", "Shelf Life.pdf"],
    ["Café Zürich", "Café Zürich.pdf", "Cafe Zurich.pdf"],
    ["在庫", "在庫.pdf", "project.pdf"],
    ["../../etc/passwd", "etc-passwd.pdf", "etc-passwd.pdf"],
    ['a"; filename="b.exe', "a-; filename=-b.exe.pdf", "a- filename=-b.exe.pdf"],
    ["line\r\nSet-Cookie: a=b", "line Set-Cookie- a=b.pdf", "line Set-Cookie- a=b.pdf"],
    ["con", "con-.pdf", "con-.pdf"],
    ["  ..  ", "project.pdf", "project.pdf"],
    ["100% sure", "100% sure.pdf", "100- sure.pdf"],
    ["evil\u202egpj.exe", "evilgpj.exe.pdf", "evilgpj.exe.pdf"],
  ])("%j is %j, in ASCII %j", (project, name, ascii) => {
    expect(exportFileName(project, "pdf")).toMatchObject({ name, ascii });
  });

  test("cuts a long name", () => {
    expect(exportFileName("😀".repeat(500), "md").name).toBe(`${"😀".repeat(60)}.md`);
  });

  test("makes a header that gives the name back, whatever it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 300 }), (project) => {
        const { name, ascii, contentDisposition } = exportFileName(project, "md");
        const [, plain, encoded] =
          /^attachment; filename="([\x20-\x7e]+)"; filename\*=UTF-8''([\w.!~%-]+)$/.exec(
            contentDisposition,
          ) ?? [];
        expect(plain).toBe(ascii);
        expect(decodeURIComponent(encoded ?? "")).toBe(name);
        expect(ascii).not.toMatch(/["\\/;%]/);
        expect(name).not.toMatch(/[\p{Cc}"\\/]|^\./u);
      }),
      { numRuns: 500 },
    );
  });
});
