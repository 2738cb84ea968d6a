import { ApiKeyType } from "../../schema/account/api-key.ts";
import { KeyScopeEnum } from "../../schema/account/enums.ts";
import { commandField } from "../../schema/command.ts";
import { decodeId } from "../../schema/ids.ts";
import { createApiKey, revokeApiKey } from "../../services/account/api-keys.ts";
import type { WithSecret } from "../../services/account/invitations.ts";
import type { ResultBuilder } from "../stage/fields.ts";

const apiKey = (t: ResultBuilder) =>
  t.prismaField({
    type: ApiKeyType,
    description: "The key, as it is now.",
    resolve: (query, { id }, _args, { prisma }) =>
      prisma.apiKey.findUniqueOrThrow({ ...query, where: { id } }),
  });

commandField("createApiKey", {
  description:
    "Makes an API key, to be sent as `Authorization: Bearer gh_…`. It does what its user may do by then, and not more than its scopes say. Not with a key.",
  input: (t) => ({
    name: t.string({ required: true, description: "What to call it, 1 to 100 characters." }),
    scopes: t.field({ type: [KeyScopeEnum], required: true, description: "What it is to be good for." }),
    expiresAt: t.field({
      type: "DateTime",
      description: "When it ends, in the future; left out, it does not.",
    }),
    projectId: t.id({ description: "The one project that it is to open; left out, all of its user's." }),
  }),
  success: (t) => ({
    apiKey: apiKey(t),
    secret: t.string({
      nullable: true,
      description:
        "The key itself, shown this once: only its hash is stored. Null when an idempotencyKey gives an earlier result again.",
      resolve: (result) => (result as WithSecret).secret,
    }),
  }),
  run: ({ projectId, ...input }, caller, { services }) =>
    createApiKey(services, caller, {
      ...input,
      scopes: [...input.scopes],
      ...(projectId != null && { projectId: decodeId("project", projectId, "projectId") }),
    }),
});

commandField("revokeApiKey", {
  description:
    "Revokes a key: it opens nothing from now on, and what is open with it ends. For its user, and for the owner of the project that it is bound to.",
  input: (t) => ({ keyId: t.id({ required: true, description: "The key's id." }) }),
  success: (t) => ({ apiKey: apiKey(t) }),
  run: ({ keyId }, caller, { services }) =>
    revokeApiKey(services, caller, { keyId: decodeId("key", keyId, "keyId") }),
});
