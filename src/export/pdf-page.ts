/** A4 in points, with room for a footer. */
export const PAGE = { left: 64, right: 531.28, top: 64, bottom: 770, footer: 796, height: 841.89 } as const;
export const PAGE_WIDTH = PAGE.right - PAGE.left;

export const INK = { text: "#1f2430", quiet: "#646b7a", accent: "#23527c", rule: "#cfd5df" } as const;

/** Sizes in points. */
export const SIZE = {
  body: 10,
  table: 9,
  small: 8,
  cover: 28,
  lead: 12.5,
  title: 20,
  section: 13,
  item: 10.5,
} as const;

const LINE_HEIGHT = 1.5;

export function lineHeight(size: number): number {
  return size * LINE_HEIGHT;
}
