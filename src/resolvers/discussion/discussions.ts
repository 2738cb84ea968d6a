import { QuotaExceededError } from "../../domain/errors.ts";
import { builder } from "../../schema/builder.ts";
import { commandField } from "../../schema/command.ts";
import { DiscussionTypeEnum, RoundTypeEnum } from "../../schema/discussion/enums.ts";
import { addRound } from "../../services/discussion/add-round.ts";
import { completeDiscussion } from "../../services/discussion/complete-discussion.ts";
import { postMessage } from "../../services/discussion/post-message.ts";
import { updateProjectSettings } from "../../services/discussion/project-settings.ts";
import { startDiscussion } from "../../services/discussion/start-discussion.ts";
import { summarizeConsensus } from "../../services/discussion/summarize-consensus.ts";
import { inProject, project, projectId } from "../stage/fields.ts";
import { discussion, discussionId, inDiscussion, message, round } from "./fields.ts";

builder.queryField("models", (t) =>
  t.stringList({
    description: "The names of the models that can take part in discussions, as this server is configured.",
    resolve: (_root, _args, { services }) => [...services.runner.models],
  }),
);

commandField("startDiscussion", {
  description:
    "Has models discuss a question. It returns at once; follow `discussionStream` or the events. After every planned round of a DISCUSS the consensus is summarised: when its score reaches the project's consensusThreshold, the discussion ends early.",
  input: (t) => ({
    projectId: projectId(t),
    question: t.string({ required: true, description: "1 to 10,000 characters." }),
    type: t.field({ type: DiscussionTypeEnum, required: true, description: "How it is discussed." }),
    models: t.stringList({
      description:
        "Who takes part: 1 to 10 names of `models`, each once, as many as the plan allows; a DISCUSS takes at least two. The project's models unless told.",
    }),
    rounds: t.int({
      description: "How many rounds a DISCUSS has, 1 to 10; the project's defaultRounds unless told.",
    }),
    peerRanking: t.boolean({
      defaultValue: false,
      description:
        "Whether the models rank each other's answers after the parallel round, without knowing whose they are. It takes a DISCUSS of at least three.",
    }),
  }),
  success: (t) => ({ discussion: discussion(t) }),
  errors: [QuotaExceededError],
  run: (input, caller, { services }) => startDiscussion(services, caller, inProject(input)),
});

commandField("addRound", {
  description:
    "Has the models speak once more. A discussion holds one round at a time, and ten at the most: of two that are started at once one runs and the other is a ConflictError.",
  input: (t) => ({
    discussionId: discussionId(t),
    type: t.field({
      type: RoundTypeEnum,
      description: "Who hears whom; SEQUENTIAL in a DISCUSS and PARALLEL in an OPEN unless told.",
    }),
  }),
  success: (t) => ({ round: round(t), discussion: discussion(t) }),
  errors: [QuotaExceededError],
  run: (input, caller, { services }) => addRound(services, caller, inDiscussion(input)),
});

commandField("postMessage", {
  description:
    "Says something in a discussion, in its newest round, also while that is being held. Each model that is named, such as @claude, gives a direct answer; a name that none of its models has is a ValidationError that lists them.",
  input: (t) => ({
    discussionId: discussionId(t),
    content: t.string({ required: true, description: "1 to 10,000 characters." }),
  }),
  // Not `message`: that is what every error has, and a client selects both in one place.
  success: (t) => ({ postedMessage: message(t), discussion: discussion(t) }),
  errors: [QuotaExceededError],
  run: (input, caller, { services }) => postMessage(services, caller, inDiscussion(input)),
});

commandField("summarizeConsensus", {
  description:
    "Has a model summarise what the models agree on and where they differ. It returns at once. A summary that leaves a model out, or cites what was not said, is repaired once; else `consensusFailure` says so and the rounds stay as they are.",
  input: (t) => ({
    discussionId: discussionId(t),
    by: t.string({
      description: "Which of the discussion's models summarises; the first of them unless told.",
    }),
  }),
  success: (t) => ({ discussion: discussion(t) }),
  errors: [QuotaExceededError],
  run: (input, caller, { services }) => summarizeConsensus(services, caller, inDiscussion(input)),
});

commandField("completeDiscussion", {
  description:
    "Completes a discussion: it accepts no further command, and its streams end. While a model speaks it is a ConflictError.",
  input: (t) => ({ discussionId: discussionId(t) }),
  success: (t) => ({ discussion: discussion(t) }),
  run: (input, caller, { services }) => completeDiscussion(services, caller, inDiscussion(input)),
});

commandField("updateProjectSettings", {
  description:
    "Changes the models that discuss a project, or how they do. Discussions that have begun go on as they were started.",
  input: (t) => ({
    projectId: projectId(t),
    models: t.stringList({
      description:
        "Who discusses unless told: 1 to 10 names of `models`, each once, as many as the plan allows.",
    }),
    defaultRounds: t.int({ description: "How many rounds a DISCUSS has, 1 to 10." }),
    consensusThreshold: t.float({
      description: "The consensus score that ends a DISCUSS early, 0 to 1.",
    }),
    systemPromptOverride: t.string({
      description:
        "What models are told in the place of the usual instructions, up to 4,000 characters; an empty text brings those back.",
    }),
    expectedVersion: t.int({
      description: "The project's version that you have read; a stale one is a ConflictError.",
    }),
  }),
  success: (t) => ({ project: project(t) }),
  errors: [QuotaExceededError],
  run: (input, caller, { services }) => updateProjectSettings(services, caller, inProject(input)),
});
