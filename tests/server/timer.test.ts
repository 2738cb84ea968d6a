import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LONGEST_WAIT_MS, systemTimer } from "../../src/server/timer.ts";

const START = Date.parse("2026-01-05T09:00:00.000Z");
const HOUR_MS = 3_600_000;

describe("the machine's timer", () => {
  const run = vi.fn();

  beforeEach(() => {
    run.mockReset();
    vi.useFakeTimers({ now: START, toFake: ["setTimeout", "clearTimeout", "Date"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("runs at the moment, not before", () => {
    systemTimer.at(new Date(START + HOUR_MS), run);
    vi.advanceTimersByTime(HOUR_MS - 1);
    expect(run).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it("runs soon after a sleep in which the moment has passed", () => {
    systemTimer.at(new Date(START + HOUR_MS), run);
    // The wall clock goes on while the machine sleeps, its timers do not.
    vi.setSystemTime(START + 2 * HOUR_MS);
    expect(run).not.toHaveBeenCalled();
    vi.advanceTimersByTime(LONGEST_WAIT_MS);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it("waits longer when the clock is set back", () => {
    systemTimer.at(new Date(START + HOUR_MS), run);
    vi.setSystemTime(START - HOUR_MS);
    vi.advanceTimersByTime(2 * HOUR_MS - 1);
    expect(run).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it("waits for the last moment that there is, and does not run once it is cancelled", () => {
    const cancel = systemTimer.at(new Date(8.64e15), run);
    vi.advanceTimersByTime(60_000);
    expect(vi.getTimerCount()).toBe(1);
    cancel();
    expect(vi.getTimerCount()).toBe(0);
    expect(run).not.toHaveBeenCalled();
  });
});
