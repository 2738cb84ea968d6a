import { expect, test } from "vitest";
import { shapeOf, withValues } from "../../../src/db/prepared/read-shape.ts";

const ID = "01900000-0000-7000-8000-000000000001";
const OTHER = "01900000-0000-7000-8000-000000000002";
const page = (take: number, where: object = { id: ID }) => ({
  select: { id: true, events: { take: -3, orderBy: { sequence: "asc" }, select: { id: true } } },
  where,
  orderBy: { id: "desc" },
  take,
});

test("reads of the same statement have one shape, whatever they ask with", () => {
  const first = shapeOf(page(20));
  const second = shapeOf(page(7, { id: OTHER }));
  expect(first?.key).toBe(second?.key);
  expect(first?.values).toEqual([3, ID, 20]);
  expect(second?.values).toEqual([3, OTHER, 7]);
});

test.each([
  ["the other end of the list", page(-20)],
  ["an empty page", page(0)],
  ["another condition", page(20, { id: ID, status: "ACTIVE" })],
  ["a condition with null", page(20, { id: null })],
  ["a list in the condition", page(20, { id: { in: [ID] } })],
  ["a longer list in the condition", page(20, { id: { in: [ID, OTHER] } })],
  ["a text that is no id", page(20, { id: "nobody" })],
  ["a truth", page(20, { id: true })],
  ["another order", { ...page(20), orderBy: { id: "asc" } }],
  ["another selection", { ...page(20), select: { id: true } }],
])("%s is another shape", (_what, args) => {
  const shape = shapeOf(args);
  expect(shape).not.toBeNull();
  expect(shape?.key).not.toBe(shapeOf(page(20))?.key);
});

test.each([
  ["a cursor", { ...page(20), cursor: { id: ID } }],
  ["include", { include: { events: true } }],
  ["distinct", { ...page(20), distinct: ["id"] }],
  ["a time", page(20, { createdAt: { lt: new Date(0) } })],
  ["a fraction", page(20, { id: 0.5 })],
  ["a number that is no integer of the database's", page(20, { id: 2 ** 31 })],
  ["a large number", page(20, { id: 1n })],
])("%s has no shape", (_what, args) => {
  expect(shapeOf(args)).toBeNull();
});

test("values are put where the shape found them", () => {
  const args = page(-20, { OR: [{ id: { in: [ID, OTHER] } }, { name: "x", archivedAt: null }] });
  const values = shapeOf(args)?.values ?? [];
  expect(values).toEqual([3, ID, OTHER, "x", 20]);
  const replaced = withValues(args, [1, "a", "b", "c", 2]);
  expect(replaced).toEqual({
    ...page(-2, { OR: [{ id: { in: ["a", "b"] } }, { name: "c", archivedAt: null }] }),
    select: { id: true, events: { take: -1, orderBy: { sequence: "asc" }, select: { id: true } } },
  });
});
