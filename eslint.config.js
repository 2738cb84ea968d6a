/**
 * ESLint checks schema.graphql and nothing else: the rules for schemas that graphql-eslint recommends, and those of the
 * Relay server specification. The code itself is biome's. What is not followed stands here by its name, with the reason.
 */
import graphql from "@graphql-eslint/eslint-plugin";

/** What a schema has to have beside the things in it: their ids are those of what they hold. */
const WITHOUT_ID_BY_SUFFIX = ["Connection", "Edge", "Success", "Error"];

/**
 * Values: parts and readings of a Node, which are read with it and which `node` does not give. Whatever has an id of its
 * own implements Node, but for notes and raised risks, which are named in commands.
 */
const VALUES = [
  "EarlierDecision",
  "EscalationOption",
  "ProjectMember",
  "StoppedWorkstream",
  "Agreement",
  "ArtifactGeneration",
  "Blocker",
  "ConsensusReached",
  "Disagreement",
  "DiscussionFailed",
  "DiscussionSettings",
  "Dissent",
  "EditedSection",
  "ErrorGroup",
  "ErrorGroupMember",
  "ErrorReplacement",
  "FeatureItem",
  "GateDecisionOption",
  "GenerationFailure",
  "HowItWorks",
  "ItemChange",
  "JourneyStep",
  "LockedSection",
  "MessageCompleted",
  "MessageDelta",
  "MessageStarted",
  "Milestone",
  "MilestonePlan",
  "ModelFailure",
  "ModelUsage",
  "MvpScope",
  "PageInfo",
  "PlanTier",
  "PlannedMilestone",
  "Position",
  "ProductBrief",
  "RiskItem",
  "RiskLog",
  "RoundScore",
  "RoundStarted",
  "RunMachine",
  "RunMachineState",
  "RunTransition",
  "SectionChange",
  "StageMachine",
  "StageMachineState",
  "StageTransition",
  "StageTransitionOption",
  "StaleCause",
  "StaleSection",
  "SuggestedFocus",
  "SystemRisk",
  "TimelineFault",
  "TimelineVerification",
  "Usage",
  "ValidationIssue",
  "WorkstreamCount",
  "WorkstreamMachine",
  "WorkstreamMachineState",
  "WorkstreamTransition",
];

/** Findings that are not followed, by their message's rule and place. One that finds nothing any more is an error. */
const EXCEPTIONS = [
  {
    ruleId: "@graphql-eslint/no-typename-prefix",
    message: 'Field "position" starts with the name of the parent type "Position"',
    reason: "A disagreement has positions; what a model holds in one is its position.",
  },
  {
    ruleId: "@graphql-eslint/no-typename-prefix",
    message: 'Field "roundNumber" starts with the name of the parent type "Round"',
    reason: "It is called so wherever a round is named: in events, in consensus and in streams.",
  },
  {
    ruleId: "@graphql-eslint/relay-edge-types",
    message: "Edge type's field `node` must implement `Node` interface.",
    at: "type StoppedWorkstreamEdge {",
    reason: "It is how a workstream stands in an escalation; the workstream in it is the Node.",
  },
  {
    ruleId: "@graphql-eslint/relay-edge-types",
    message: "Edge type's field `node` must implement `Node` interface.",
    at: "type ProjectMemberEdge {",
    reason: "It is the part that a user has in a project; the user in it is the Node.",
  },
];

let lines = [];

/** Takes the exceptions out of the findings. */
const exceptions = {
  preprocess(text) {
    lines = text.split("\n");
    return [text];
  },
  postprocess([messages]) {
    const isExcepted = (exception) => (finding) =>
      finding.ruleId === exception.ruleId &&
      finding.message === exception.message &&
      (exception.at === undefined || lines[finding.line - 1] === exception.at);
    const idle = EXCEPTIONS.filter((exception) => !messages.some(isExcepted(exception)));
    return [
      ...messages.filter((finding) => !EXCEPTIONS.some((exception) => isExcepted(exception)(finding))),
      ...idle.map(({ message }) => ({
        line: 1,
        column: 1,
        severity: 2,
        ruleId: null,
        message: `eslint.config.js excepts what is not there: ${message}`,
      })),
    ];
  },
};

export default [
  {
    files: ["schema.graphql"],
    plugins: { "@graphql-eslint": graphql },
    processor: exceptions,
    languageOptions: {
      parser: graphql.parser,
      parserOptions: { graphQLConfig: { schema: "schema.graphql" } },
    },
    rules: {
      ...graphql.configs["flat/schema-recommended"].rules,
      ...graphql.configs["flat/schema-relay"].rules,
      "@graphql-eslint/strict-id-in-types": [
        "error",
        { exceptions: { suffixes: WITHOUT_ID_BY_SUFFIX, types: VALUES } },
      ],
      // Only this part of the rule is off. The specification says what edges are, and not that all lists are of edges:
      // short lists (a project's five stages, a command's events) need no pages.
      "@graphql-eslint/relay-edge-types": ["error", { listTypeCanWrapOnlyEdgeType: false }],
    },
  },
];
