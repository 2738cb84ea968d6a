import {
  type ErrorGroup,
  type ErrorGroupMember,
  MAX_ERROR_GROUP_MEMBERS,
} from "../../services/run/read-error-groups.ts";
import { builder } from "../builder.ts";
import { encodeId } from "../ids.ts";
import { ERROR_TEXT, SAMPLE_TEXTS } from "../weights.ts";
import { WorkstreamType } from "./workstream.ts";

const ErrorGroupMemberType = builder.objectRef<ErrorGroupMember>("ErrorGroupMember").implement({
  description: "Where in the run errors of a group happened.",
  fields: (t) => ({
    errorId: t.id({
      description: "The error's id: read it for its whole message and its context.",
      resolve: ({ id }) => encodeId("error", id),
    }),
    workstream: t.field({
      type: WorkstreamType,
      nullable: true,
      description: "In which workstream.",
      resolve: ({ workstreamId }, _args, { loaders }) => loaders.workstreams.load(workstreamId),
    }),
    step: t.exposeString("step", { description: "In which step." }),
    errorCode: t.exposeString("errorCode", { description: "The agent's short code of it." }),
    count: t.exposeInt("count", { description: "How many times there." }),
    samples: t.exposeStringList("samples", {
      complexity: SAMPLE_TEXTS,
      description: "The beginnings of the first messages that differ: what was taken for the same.",
    }),
  }),
});

export const ErrorGroupType = builder.objectRef<ErrorGroup>("ErrorGroup").implement({
  description: "The errors of a run that have the same signature, over all its workstreams and steps.",
  fields: (t) => ({
    signature: t.exposeString("signature", { description: "SHA-256 of the normalised message, in hex." }),
    normalizedMessage: t.exposeString("normalizedMessage", {
      complexity: ERROR_TEXT,
      description: "What all their messages become without what differs from one time to the next.",
    }),
    count: t.exposeInt("count", { description: "How many times it was recorded in the run." }),
    firstSeenAt: t.expose("firstSeenAt", { type: "DateTime", description: "When it was first recorded." }),
    lastSeenAt: t.expose("lastSeenAt", { type: "DateTime", description: "When it was last recorded." }),
    members: t.field({
      type: [ErrorGroupMemberType],
      description: `Where it was last seen, the newest first, at most ${MAX_ERROR_GROUP_MEMBERS}, each with its messages: why they are grouped.`,
      complexity: { field: 1, multiplier: MAX_ERROR_GROUP_MEMBERS },
      resolve: ({ members }) => [...members],
    }),
    memberCount: t.exposeInt("memberCount", {
      description: "In how many steps of workstreams it happened, those that `members` leaves out too.",
    }),
  }),
});
