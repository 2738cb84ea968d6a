import { expect, it } from "vitest";
import { sharedProbes } from "../../src/server/readiness.ts";

it("asks once for all who ask meanwhile, and again for who asks later, also after a failure", async () => {
  const asked: PromiseWithResolvers<void>[] = [];
  const { database } = sharedProbes({
    database: () => {
      const answer = Promise.withResolvers<void>();
      asked.push(answer);
      return answer.promise;
    },
  });
  const many = Promise.allSettled(Array.from({ length: 20 }, () => database?.()));
  expect(asked).toHaveLength(1);
  asked[0]?.reject(new Error("away"));
  for (const { status } of await many) expect(status).toBe("rejected");
  const later = database?.();
  expect(asked).toHaveLength(2);
  asked[1]?.resolve();
  await later;
});
