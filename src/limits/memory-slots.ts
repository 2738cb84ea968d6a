import type { SlotStore } from "./slot-store.ts";

/** For one process alone, which knows itself what it has open. */
export function memorySlots(): SlotStore {
  return {
    claim: async (_userId, count, limit) => count <= limit,
    settle: async () => {},
  };
}
