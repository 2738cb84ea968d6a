import type { MessageKind, MessageStatus } from "../../domain/discussion/states.ts";
import type { Actor } from "../../domain/event/event.ts";
import { builder } from "../builder.ts";
import { ActorEnum } from "../event/enums.ts";
import { encodeId } from "../ids.ts";
import { MESSAGE_TEXT } from "../weights.ts";
import { MessageKindEnum, MessageStatusEnum } from "./enums.ts";
import { failureOf, ModelFailureType } from "./failure.ts";

export const MessageType = builder.prismaObject("Message", {
  description: "What a model or a person says in a discussion, or is asked to say.",
  interfaces: [builder.nodeInterfaceRef()],
  select: { id: true },
  fields: (t) => ({
    id: t.id({ description: "A TypeID: message_…", resolve: ({ id }) => encodeId("message", id) }),
    round: t.relation("round", { description: "The round in which it is said." }),
    kind: t.field({
      type: MessageKindEnum,
      description: "What it is.",
      select: { kind: true },
      resolve: ({ kind }) => kind as MessageKind,
    }),
    model: t.exposeString("model", {
      nullable: true,
      description: "The name of the model that speaks; null when a person does.",
    }),
    author: t.field({
      type: ActorEnum,
      nullable: true,
      description: "Who speaks, when it is a person; null when a model does.",
      select: { author: true },
      resolve: ({ author }) => author as Actor | null,
    }),
    status: t.field({
      type: MessageStatusEnum,
      description: "Where it stands.",
      select: { status: true },
      resolve: ({ status }) => status as MessageStatus,
    }),
    content: t.exposeString("content", {
      complexity: MESSAGE_TEXT,
      description:
        "What is said; empty until it is whole, and of a FAILED one what came until then. Plain text: nothing in it is markup.",
    }),
    isCut: t.exposeBoolean("isCut", {
      description:
        "Whether what is said ends at a limit, of the model or of what is kept (32,000 characters), and not where the model would have ended.",
    }),
    isDirect: t.exposeBoolean("isDirect", {
      description: "Whether it answers a person who has asked this model by name.",
    }),
    replyTo: t.relation("replyTo", {
      nullable: true,
      description: "The person's message that it answers; null unless it is direct.",
    }),
    attempt: t.exposeInt("attempt", {
      description:
        "How often the model was asked: more than once when the process that asked has died. 0 of a person's message.",
    }),
    failure: t.field({
      type: ModelFailureType,
      nullable: true,
      description: "Why it was not said to the end; null unless it FAILED.",
      select: { failureReason: true, failureMessage: true },
      resolve: ({ failureReason, failureMessage }) => failureOf(failureReason, failureMessage),
    }),
    timestamp: t.expose("timestamp", {
      type: "DateTime",
      nullable: true,
      description: "When it was said, or failed; null until then.",
    }),
  }),
});

// Its type is the object's own, which is not known until the object is.
builder.prismaObjectField(MessageType, "ranks", (t) =>
  t.field({
    type: [MessageType],
    description: "Of a ranking: the answers that it ranks, the best one first; otherwise empty.",
    select: { ranking: true },
    resolve: async ({ ranking }, _args, { loaders }) => {
      const ids = (ranking ?? []) as string[];
      const found = await Promise.all(ids.map((id) => loaders.messages.load(id)));
      return found.flatMap((message) => message ?? []);
    },
  }),
);
