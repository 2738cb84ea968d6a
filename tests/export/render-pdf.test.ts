import { expect, test } from "vitest";
import { PdfBusyError, renderPdf } from "../../src/export/render-pdf.ts";

const input = (name: string) => ({
  name,
  description: "",
  date: new Date("2026-01-05T00:00:00Z"),
  documents: {},
  whiteLabel: false,
});

test("PDFs are made beside the main thread, one after the other, and only so many wait", async () => {
  let turns = 0;
  const turn = setInterval(() => {
    turns += 1;
  }, 1);
  const results = await Promise.allSettled(
    Array.from({ length: 9 }, (_, index) => renderPdf(input(`${index}`))),
  );
  clearInterval(turn);
  const made = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  expect(made).toHaveLength(8);
  for (const pdf of made) expect(Buffer.from(pdf.subarray(0, 5)).toString()).toBe("%PDF-");
  const refused = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
  expect(refused).toEqual([expect.any(PdfBusyError)]);
  // The thread that answers requests had its turns meanwhile.
  expect(turns).toBeGreaterThan(10);
  await expect(renderPdf(input("later"))).resolves.toBeInstanceOf(Uint8Array);
});
