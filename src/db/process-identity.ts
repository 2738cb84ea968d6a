import { readFileSync } from "node:fs";
import { hostname } from "node:os";

/** Which process this is, beyond its pid, which the system gives to somebody else after its end. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Its start in clock ticks since boot, as /proc tells; null on systems without /proc. */
  readonly startTime: string | null;
  /** Pids mean something only within one host or container. */
  readonly host: string;
}

export function ownIdentity(): ProcessIdentity {
  return { pid: process.pid, startTime: processStat(process.pid)?.startTime ?? null, host: hostname() };
}

/** Whether the process may still run. One on another host cannot be seen from here, so it may. */
export function mayBeAlive(identity: ProcessIdentity): boolean {
  if (identity.host !== hostname()) return true;
  if (!pidExists(identity.pid)) return false;
  const stat = processStat(identity.pid);
  if (stat === null) return true;
  // A zombie has ended; only its parent has not asked yet.
  if (stat.state === "Z") return false;
  return identity.startTime === null || identity.startTime === stat.startTime;
}

function pidExists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: it exists and belongs to another user.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function processStat(pid: number): { state: string; startTime: string } | null {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return null;
  }
  // "pid (name) state …": the name may hold spaces and parentheses, so count from the last one. See proc(5).
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, startTime] = [fields[0], fields[19]];
  return state === undefined || startTime === undefined ? null : { state, startTime };
}
