import fc from "fast-check";
import GithubSlugger from "github-slugger";
import { describe, expect, test } from "vitest";
import { headingSlugs } from "../../../src/domain/artifact/heading-slug.ts";

describe("headingSlugs", () => {
  test.each([
    [
      ["Milestones", "Milestones", "Milestones"],
      ["milestones", "milestones-1", "milestones-2"],
    ],
    [
      ["a", "a-1", "a"],
      ["a", "a-1", "a-2"],
    ],
    [["Core features (coreFeatures, CORE)"], ["core-features-corefeatures-core"]],
    [["C++ & Größe: 100 %"], ["c--größe-100-"]],
    [
      ["constructor", "__proto__", "toString"],
      ["constructor", "__proto__", "tostring"],
    ],
  ])("of %j are %j", (headings, expected) => {
    const slug = headingSlugs();
    expect(headings.map(slug)).toEqual(expected);
  });

  test("are those that GitHub's rules give, whatever the headings", () => {
    // The peer's table is of Unicode 13: only blocks that had all their letters by then.
    const codePoint = fc.oneof(
      fc.integer({ min: 0, max: 0x5ff }),
      fc.integer({ min: 0x2000, max: 0x206f }),
      fc.integer({ min: 0x1f600, max: 0x1f64f }),
    );
    const character = fc.oneof(
      fc.constantFrom(..."aAbB12 -_.é中אب😀'`#"),
      codePoint.map((code) => String.fromCodePoint(code)),
    );
    const known =
      /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Hebrew}\p{Script=Common}]*$/u;
    const heading = fc.array(character, { maxLength: 6 }).map((characters) => characters.join(""));
    fc.assert(
      fc.property(
        fc.array(
          heading.filter((text) => known.test(text)),
          { maxLength: 8 },
        ),
        (headings) => {
          const [slug, peer] = [headingSlugs(), new GithubSlugger()];
          expect(headings.map(slug)).toEqual(headings.map((text) => peer.slug(text)));
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
