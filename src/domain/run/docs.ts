import { GUARD_RULES, type GuardRule } from "../guard.ts";
import {
  allowedStates,
  type EntityType,
  MACHINES,
  type Machine,
  machineDiagram,
  RUN_TRIGGERS,
  WORKSTREAM_TRIGGERS,
} from "./machine.ts";
import { WORKING_STATES } from "./state.ts";

/** The rules by which a move can be refused, in the order in which they are looked at. */
const RULES: readonly GuardRule[] = [
  "ARCHIVED",
  "TERMINAL_STATE",
  "ILLEGAL_TRANSITION",
  "ESCALATION_DECIDES",
  "LEASE_REQUIRED",
  "STEP_IN_PROGRESS",
  "DEPENDENCIES_DECIDE",
  "RUN_ENDS_BY_ITSELF",
  "RUN_ENDED",
];

/** The page docs/state_machine.md: all that it says of states and moves is made from the machines' tables. */
export function stateMachineDocs(): string {
  return `<!-- Made by \`npm run docs:machines\` from src/domain/run/machine.ts: change that, not this page. -->

# The state machines of runs

A run is a piece of work that agents do; its workstreams are the parts, which depend on each other. Each of the two has
one transition table, in [src/domain/run/machine.ts](../src/domain/run/machine.ts). The guard, the API's \`runMachine\` and
\`workstreamMachine\`, and this page are made from it. What the moves mean together (leases, fairness, recovery) is in
[ARCHITECTURE.md](ARCHITECTURE.md#runs).

- [Run](#run)
- [Workstream](#workstream)
- [Where it is enforced](#where-it-is-enforced)

## Run

${section("run", RUN_TRIGGERS)}

It ends by itself when nothing in it can go on: no workstream waits, is ready, is worked on, is held by a person or is
stopped by an escalation. Then it is COMPLETED when every workstream is done, PARTIAL when some are, FAILED when none is and at least one failed, and
ABANDONED when none is and none failed. A workstream that was replaced by another does not count, and a run without
workstreams does not end.

## Workstream

${section("workstream", WORKSTREAM_TRIGGERS)}

A workstream is leased in ${list(WORKING_STATES)}, and in no other state.

While it waits, its state follows from those that it depends on: BLOCKED when one of them failed, was abandoned or is itself
blocked by its dependencies; READY when all of them are done; PENDING otherwise. It is worked out through the whole graph in
the transaction of the command that changed anything. A blocked workstream comes back, to PENDING or READY, when the failed
or abandoned one that it depends on is replaced by another, or when a person lifts the hold. A hold can be lifted at any
time: where what it depends on is lost by then, the workstream stays BLOCKED, by that, and the event is \`hold_lifted\`. What
failed, was abandoned or is done stays so.

An escalation stops a workstream that is worked on: it is BLOCKED, by that, and what depends on it waits. The answer makes
it READY, or gives it up; see [Escalations](ARCHITECTURE.md#escalations). A run that is paused by a question of its breaker
keeps its state and hands out no work.

## Where it is enforced

\`validateStateTransition(entityType, from, to)\` holds a move against the table: null when there is such a move, otherwise
the rejection with \`from\`, \`to\` and what is \`allowed\`. Every command that moves a run or a workstream asks it, under the
lock of the project's row (\`src/domain/run/move.ts\`, \`src/services/run/\`), and what follows by a rule is held against it
as well. The database's CHECKs refuse a state that is not in the table, and a state without what belongs to it: a lease, an
end, a reason for being blocked.

An illegal move is refused with GuardRejectedError, which carries \`rule\`, \`from\`, \`to\` and \`allowed\`. The refusal is
recorded as an event, \`transition_rejected\`, in the same transaction; nothing else changes.

| Rule | Says |
|---|---|
${RULES.map((rule) => `| \`${rule}\` | ${GUARD_RULES[rule]} |`).join("\n")}

A write under a lost lease is refused before any of them, with ConflictError. So is, after them, whatever ends the work of
an agent without its lease, unless a person says \`takeBack: true\`. What a refusal names as \`allowed\` would be allowed now.
`;
}

function section(entityType: EntityType, triggers: Readonly<Record<string, string>>): string {
  const machine: Machine = MACHINES[entityType];
  return `| State | Meaning | Can be left for |
|---|---|---|
${machine.states
  .map(
    ({ name, meaning, terminal }) =>
      `| ${name} | ${meaning} | ${terminal ? "nothing: it is terminal" : list(allowedStates(entityType, name))} |`,
  )
  .join("\n")}

| Moved by | From → to | What it is |
|---|---|---|
${Object.entries(triggers)
  .map(([trigger, meaning]) => {
    const moves = machine.transitions.filter((move) => move.trigger === trigger);
    return `| ${trigger.toLowerCase()} | ${moves.map(({ from, to }) => `${from} → ${to}`).join("<br>")} | ${meaning} |`;
  })
  .join("\n")}

\`\`\`mermaid
${machineDiagram(machine)}
\`\`\``;
}

function list(names: readonly string[]): string {
  return names.join(", ");
}
