/** The commands of the load: what each selects of its success, besides the events. */
const SELECTED = {
  createProject: "project { id }",
  updateProject: "project { id }",
  setMilestone: "milestone { key }",
  completeMilestone: "milestone { key }",
  reopenMilestone: "milestone { key }",
  openGate: "gate { id }",
  decideGate: "gate { id }",
  transitionStage: "project { id }",
  createRun: "run { id }",
  transitionRun: "run { id }",
  claimWorkstream: "workstream { id } leaseToken",
  startStep: "attempt { id }",
  completeStep: "attempt { id }",
  transitionWorkstream: "workstream { id }",
  generateArtifacts: "project { id }",
  startDiscussion: "discussion { id }",
} as const;

export type CommandName = keyof typeof SELECTED;

/** What a command has come to, as the client was told. */
export interface CommandResult {
  readonly __typename: string;
  readonly message?: string;
  readonly events?: readonly { readonly id: string; readonly sequence: number }[];
  readonly project?: { readonly id: string };
  readonly gate?: { readonly id: string };
  readonly run?: { readonly id: string };
  readonly workstream?: { readonly id: string } | null;
  readonly leaseToken?: string | null;
  readonly attempt?: { readonly id: string };
  readonly discussion?: { readonly id: string };
}

/** The operation of a command; its one variable is `input`. */
export function operationOf(name: CommandName): string {
  const type = name.charAt(0).toUpperCase() + name.slice(1);
  return (
    `mutation ($input: ${type}Input!) { ${name}(input: $input) { __typename ... on Error { message } ` +
    `... on ${type}Success { events { id sequence } ${SELECTED[name]} } } }`
  );
}
