import type { KeyScope } from "../../domain/account/permissions.ts";
import { builder } from "../builder.ts";
import { pagesOf } from "../connection.ts";
import { encodeId } from "../ids.ts";
import { KeyScopeEnum } from "./enums.ts";

export const ApiKeyType = builder.prismaObject("ApiKey", {
  description:
    "What an agent proves itself with: it does what its user may do by then, and not more than its scopes say. Its user sees it, and where it is bound to a project that project's owner. The key itself is shown when it is made, and never again.",
  interfaces: [builder.nodeInterfaceRef()],
  fields: (t) => ({
    id: t.id({ description: "A TypeID: key_…", resolve: ({ id }) => encodeId("key", id) }),
    name: t.exposeString("name", { description: "What its user calls it." }),
    prefix: t.exposeString("prefix", { description: "The key's beginning, to tell it from others." }),
    scopes: t.field({
      type: [KeyScopeEnum],
      description: "What it is good for.",
      resolve: ({ scopes }) => scopes as KeyScope[],
    }),
    projectId: t.id({
      nullable: true,
      description: "The one project that it opens; null when it opens all of its user's.",
      resolve: ({ projectId }) => projectId && encodeId("project", projectId),
    }),
    user: t.relation("user", { description: "Whose it is." }),
    expiresAt: t.expose("expiresAt", {
      type: "DateTime",
      nullable: true,
      description: "When it ends; null when it does not.",
    }),
    lastUsedAt: t.expose("lastUsedAt", {
      type: "DateTime",
      nullable: true,
      description: "When it was last used, to within ten minutes; null when it never was.",
    }),
    revokedAt: t.expose("revokedAt", {
      type: "DateTime",
      nullable: true,
      description: "When it was revoked; null unless it was.",
    }),
    createdAt: t.expose("createdAt", { type: "DateTime", description: "When it was made." }),
  }),
});

export const apiKeyPages = pagesOf("ApiKey", ApiKeyType);
