import fc from "fast-check";
import { TypeID } from "typeid-js";
import { expect, test } from "vitest";
import { encodeId, parseId } from "../../src/schema/ids.ts";

test("an id is written as typeid-js writes it, and is read back", () => {
  const EDGES = ["00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"];
  const check = (uuid: string) => {
    const id = encodeId("project", uuid);
    expect(id).toBe(TypeID.fromUUID("project", uuid).toString());
    expect(parseId(id)).toEqual({ prefix: "project", uuid });
  };
  for (const uuid of EDGES) check(uuid);
  fc.assert(fc.property(fc.uuid(), check), { seed: 20 });
});
