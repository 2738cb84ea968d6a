import { MAX_SAMPLE, MAX_SAMPLES, normalizeMessage, type Replacement } from "../../domain/run/signature.ts";
import { builder } from "../builder.ts";
import { pagesOf } from "../connection.ts";
import { encodeId } from "../ids.ts";
import { ERROR_TEXT, JSON_OBJECT, SAMPLE_TEXTS } from "../weights.ts";

const SAMPLES = `The first ${MAX_SAMPLES} messages of its kind that differ, the first ${MAX_SAMPLE.toLocaleString("en")} characters of each: they were taken for the same because all of them become the normalised message.`;

/** How many replaced parts of a message are shown. */
const MAX_REPLACED = 100;

const ErrorReplacementType = builder.objectRef<Replacement>("ErrorReplacement").implement({
  description: "A part of an error's message that does not count for its grouping.",
  fields: (t) => ({
    placeholder: t.exposeString("placeholder", {
      description: "What stands for it in the normalised message, such as <id> or <duration>.",
    }),
    text: t.exposeString("text", { description: "What the message has there." }),
  }),
});

export const RunErrorType = builder.prismaObject("RunError", {
  description: "An error of a step. The same signature again in the same workstream and step counts up.",
  interfaces: [builder.nodeInterfaceRef()],
  select: { id: true },
  fields: (t) => ({
    id: t.id({ description: "A TypeID: error_…", resolve: ({ id }) => encodeId("error", id) }),
    workstream: t.relation("workstream", { description: "The workstream in which it happened." }),
    step: t.exposeString("stepName", { description: "In which step." }),
    errorCode: t.exposeString("errorCode", { description: "The agent's short code of it, the first time." }),
    signature: t.exposeString("signature", {
      description: "SHA-256 of the normalised message, in hex: what errors are grouped by.",
    }),
    normalizedMessage: t.exposeString("normalizedMessage", {
      complexity: ERROR_TEXT,
      description:
        "The message without what differs from one time to the next: numbers, ids, addresses, times, durations, paths, URLs, quotations. HTTP statuses, exit codes and other error numbers stay. Its beginning.",
    }),
    replaced: t.field({
      type: [ErrorReplacementType],
      description: `The parts of the first message that do not count for its grouping, by kind, at most ${MAX_REPLACED}. HTTP statuses, exit codes and other error numbers count, so they stay in the normalised message.`,
      complexity: { field: 1, multiplier: MAX_REPLACED },
      select: { message: true },
      resolve: ({ message }) => {
        const replaced: Replacement[] = [];
        normalizeMessage(message, (replacement) => {
          if (replaced.length < MAX_REPLACED) replaced.push(replacement);
        });
        return replaced;
      },
    }),
    message: t.exposeString("message", { complexity: ERROR_TEXT, description: "The first message, whole." }),
    samples: t.stringList({
      complexity: SAMPLE_TEXTS,
      description: SAMPLES,
      select: { samples: true },
      resolve: ({ samples }) => samples as string[],
    }),
    context: t.expose("context", {
      complexity: JSON_OBJECT,
      type: "JSON",
      nullable: true,
      description: "What the agent told about it, the last time that it told anything.",
    }),
    count: t.exposeInt("count", { description: "How many times it was recorded." }),
    firstSeenAt: t.expose("firstSeenAt", { type: "DateTime", description: "When it was first recorded." }),
    lastSeenAt: t.expose("lastSeenAt", {
      type: "DateTime",
      description: "When it was last recorded; it never goes back.",
    }),
  }),
});

export const errorPages = pagesOf("RunError", RunErrorType);
