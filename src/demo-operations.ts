import { encodeId } from "./schema/ids.ts";
import { DEMO } from "./services/demo/demo-project.ts";

const PROJECT_ID = encodeId("project", DEMO.projectId);
const GATE_ID = encodeId("gate", DEMO.pendingGateId);

/** Operations on the demo project that run as they are: in GraphiQL's tabs, and printed at the start. */
const PROJECT_QUERY = `query DemoProject {
  project(id: "${PROJECT_ID}") {
    name
    stage
    progressPercent
    suggestedFocus { message }
    stages {
      title
      progressPercent
      milestones { title weight completed }
      risks { message blocking }
    }
    gates(status: PENDING) {
      nodes {
        id
        gateType
        options {
          decision
          allowed
          blockers { message }
        }
      }
    }
    events(last: 5) {
      nodes { sequence type actor reason createdAt }
    }
  }
}`;

const DOCUMENTS_QUERY = `# Each document is written from those before it. Your plan opens the core sections; the others are null here.
query DemoDocuments {
  project(id: "${PROJECT_ID}") {
    artifactGeneration { status completed total }
    artifacts {
      title
      versionNumber
      lockedSections { section requiredTier }
      content {
        ... on ProductBrief { valueProposition marketAnalysis }
        ... on MvpScope { coreFeatures { name priority } }
        ... on MilestonePlan { milestones { title estimatedWeeks } totalDurationWeeks }
        ... on RiskLog { technicalRisks { title severity mitigation } }
        ... on HowItWorks { userJourney { stepNumber title } }
      }
    }
  }
}`;

const DISCUSSION_QUERY = `# Two models discussed this in two rounds; every point of the consensus names the messages that it rests on.
query DemoDiscussion {
  project(id: "${PROJECT_ID}") {
    discussions {
      nodes {
        question
        status
        rounds { roundNumber type messages { model content } }
        consensus {
          score
          agreements { statement cites { model round { roundNumber } } }
          disagreements { topic positions { model position } }
        }
      }
    }
  }
}`;

const GATE_MUTATION = `# A gate is decided once: run this twice and the second answer is a ConflictError.
mutation DecideDemoGate {
  decideGate(input: {
    gateId: "${GATE_ID}"
    decision: PROCEED
    reason: "Five shops have counted a shelf with the prototype."
  }) {
    ... on DecideGateSuccess {
      gate { status decision project { stage progressPercent } }
      events { sequence type reason }
    }
    ... on Error { message }
    ... on GuardRejectedError { rule allowed }
    ... on ConflictError { currentState }
  }
}`;

const EVENT_SUBSCRIPTION = `# Leave this running and change the project in another window: its events arrive here.
subscription DemoEvents {
  stageEvents(projectId: "${PROJECT_ID}") {
    sequence
    type
    actor
    createdAt
    ... on StageEvent { fromStage toStage }
    ... on GateEvent { gate { decision } }
  }
}`;

/** The tabs that are open when somebody visits GraphiQL for the first time. */
export function demoTabs(): { query: string }[] {
  return [PROJECT_QUERY, DOCUMENTS_QUERY, DISCUSSION_QUERY, GATE_MUTATION, EVENT_SUBSCRIPTION].map(
    (query) => ({ query }),
  );
}

/** Two operations to paste into a shell; the second decides the demo's gate, while it can be decided. */
export function demoCommands(url: string, gateIsPending: boolean): string[] {
  const read = `{ project(id: "${PROJECT_ID}") { name stage progressPercent suggestedFocus { message } } }`;
  const decide = `mutation { decideGate(input: { gateId: "${GATE_ID}", decision: PROCEED }) { __typename ... on DecideGateSuccess { gate { decision project { stage } } } ... on Error { message } } }`;
  const explain = `{ project(id: "${PROJECT_ID}") { stageTransitions { to allowed blockers { message } } } }`;
  return [read, gateIsPending ? decide : explain].map(
    (query) => `curl ${url}/graphql -H 'content-type: application/json' -d '${JSON.stringify({ query })}'`,
  );
}
