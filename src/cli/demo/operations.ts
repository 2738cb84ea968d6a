/** The result of a mutation, as far as an agent reads it: `message` is there when it was refused. */
interface Refusable {
  readonly __typename: string;
  readonly message?: string;
}

/** A question to a person, with the answers that can be chosen. */
export interface Question {
  readonly id: string;
  readonly plainEnglishProblem: string;
  readonly attemptsSummary: readonly string[];
  readonly recommendedAction: string;
  readonly options: readonly {
    readonly value: string;
    readonly label: string;
    readonly description: string;
  }[];
  readonly workstream: { readonly key: string };
}

const QUESTION = `fragment Question on Escalation {
  id plainEnglishProblem attemptsSummary recommendedAction
  options { value label description }
  workstream { key }
}`;

export const FIND_PROJECT = `query DemoProject {
  projects(first: 100, status: ACTIVE) { nodes { id name } }
}`;
export interface FoundProjects {
  readonly projects: { readonly nodes: readonly { readonly id: string; readonly name: string }[] };
}

export const CREATE_PROJECT = `mutation DemoCreateProject($input: CreateProjectInput!) {
  result: createProject(input: $input) {
    __typename
    ... on CreateProjectSuccess { project { id name } }
    ... on Error { message }
  }
}`;
export interface CreatedProject {
  readonly result: Refusable & { readonly project?: { readonly id: string; readonly name: string } };
}

export const CREATE_RUN = `mutation DemoCreateRun($input: CreateRunInput!) {
  result: createRun(input: $input) {
    __typename
    ... on CreateRunSuccess { run { id startCursor } }
    ... on Error { message }
  }
}`;
export interface CreatedRun {
  readonly result: Refusable & { readonly run?: { readonly id: string; readonly startCursor: string } };
}

/** A run as the demo takes it up, with its questions that wait. */
export const READ_RUN = `query DemoRun($id: ID!) {
  node(id: $id) {
    ... on Run { id status endCursor escalations(first: 20, status: PENDING) { nodes { ...Question } } }
  }
}
${QUESTION}`;
export interface ReadRun {
  readonly node: {
    readonly id?: string;
    readonly status: string;
    readonly endCursor: string;
    readonly escalations: { readonly nodes: readonly Question[] };
  } | null;
}

export const CLAIM = `mutation DemoClaim($input: ClaimWorkstreamInput!) {
  result: claimWorkstream(input: $input) {
    __typename
    ... on ClaimWorkstreamSuccess {
      leaseToken
      workstream { id key title }
      answer { founderDecision founderGuidance }
      run { status }
    }
    ... on Error { message }
  }
}`;
export interface Claimed {
  readonly result: Refusable & {
    readonly leaseToken?: string | null;
    readonly workstream?: { readonly id: string; readonly key: string; readonly title: string } | null;
    readonly answer?: {
      readonly founderDecision: string | null;
      readonly founderGuidance: string | null;
    } | null;
    readonly run?: { readonly status: string } | null;
  };
}

export const HEARTBEAT = `mutation DemoHeartbeat($input: HeartbeatWorkstreamInput!) {
  result: heartbeatWorkstream(input: $input) { __typename ... on Error { message } }
}`;
export const RELEASE = `mutation DemoRelease($input: ReleaseWorkstreamInput!) {
  result: releaseWorkstream(input: $input) { __typename ... on Error { message } }
}`;
export const MOVE = `mutation DemoMove($input: TransitionWorkstreamInput!) {
  result: transitionWorkstream(input: $input) { __typename ... on Error { message } }
}`;
export const START_STEP = `mutation DemoStartStep($input: StartStepInput!) {
  result: startStep(input: $input) { __typename ... on StartStepSuccess { attempt { id } } ... on Error { message } }
}`;
export const COMPLETE_STEP = `mutation DemoCompleteStep($input: CompleteStepInput!) {
  result: completeStep(input: $input) { __typename ... on Error { message } }
}`;
/** What a command answers of which only the refusal matters. */
export interface Done {
  readonly result: Refusable;
}
export interface StartedStep {
  readonly result: Refusable & { readonly attempt?: { readonly id: string } };
}

export const RECORD_ERROR = `mutation DemoRecordError($input: RecordErrorInput!) {
  result: recordError(input: $input) {
    __typename
    ... on RecordErrorSuccess { next attempt maxAttempts escalation { id } }
    ... on Error { message }
  }
}`;
export interface RecordedError {
  readonly result: Refusable & {
    readonly next?: "RETRY" | "WAIT";
    readonly attempt?: number | null;
    readonly maxAttempts?: number;
  };
}

export const RESOLVE = `mutation Answer($input: ResolveEscalationInput!) {
  result: resolveEscalation(input: $input) { __typename ... on Error { message } }
}`;
