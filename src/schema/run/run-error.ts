import { MAX_SAMPLE, MAX_SAMPLES } from "../../domain/run/signature.ts";
import { builder } from "../builder.ts";
import { pagesOf } from "../connection.ts";
import { encodeId } from "../ids.ts";
import { ERROR_TEXT, JSON_OBJECT, SAMPLE_TEXTS } from "../weights.ts";

const SAMPLES = `The first ${MAX_SAMPLES} messages of its kind that differ, the first ${MAX_SAMPLE.toLocaleString("en")} characters of each: they were taken for the same because all of them become the normalised message.`;

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
        "The message without what differs from one time to the next: numbers, ids, times, paths, URLs, quotations. Its beginning.",
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
