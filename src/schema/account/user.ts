import { keysSeenBy } from "../../services/account/api-keys.ts";
import { readUsage } from "../../services/account/usage.ts";
import { builder, pageComplexity } from "../builder.ts";
import { encodeId } from "../ids.ts";
import { NEWEST_FIRST, relatedList } from "../paged-list.ts";
import { checkPage } from "../pages.ts";
import { ProjectStatusEnum, StageEnum } from "../stage/enums.ts";
import { projectPages } from "../stage/project.ts";
import { COMPUTED } from "../weights.ts";
import { apiKeyPages } from "./api-key.ts";
import { type ProjectFilter, projectFilter } from "./project-filter.ts";
import { UsageType } from "./usage.ts";

/** What lists of projects can be narrowed by. */
export const projectFilterArgs = builder.args((t) => ({
  status: t.field({ type: ProjectStatusEnum, description: "Only projects with this status." }),
  stage: t.field({ type: StageEnum, description: "Only projects in this stage." }),
  includeArchived: t.boolean({
    defaultValue: false,
    description: "Whether to list archived projects too.",
  }),
}));

export const UserType = builder.prismaObject("User", {
  description: "Somebody who has presented a valid token, known since the first time.",
  interfaces: [builder.nodeInterfaceRef()],
  select: { id: true },
  fields: (t) => ({
    id: t.id({ description: "A TypeID: user_…", resolve: ({ id }) => encodeId("user", id) }),
    subject: t.exposeString("subject", { description: "The token's subject." }),
    displayName: t.exposeString("displayName", {
      nullable: true,
      description: "The name claim of their first token; null when it had none.",
    }),
    planTier: t.relation("planTier", { description: "The plan, and what it allows." }),
    isAdmin: t.boolean({
      description: "Whether this is the viewer and may set plans; false for anybody else.",
      resolve: ({ id }, _args, { viewer }) => viewer.userId === id && viewer.isAdmin,
    }),
    projects: t.relatedConnection(
      "projects",
      {
        cursor: "id",
        complexity: pageComplexity,
        totalCount: true,
        description:
          "The projects that they own and the viewer may see, newest first. For all that the viewer is a member of, ask `projects`.",
        extensions: relatedList("user", "projects", NEWEST_FIRST, {
          filter: (args: ProjectFilter, { viewer }) => projectFilter(args, viewer),
          scope: ({ viewer }) => projectFilter({ includeArchived: true }, viewer),
        }),
        args: projectFilterArgs,
        query: (args, { viewer }) => {
          checkPage(args);
          return { orderBy: { id: "desc" }, where: projectFilter(args, viewer) };
        },
      },
      ...projectPages,
    ),
    apiKeys: t.relatedConnection(
      "apiKeys",
      {
        cursor: "id",
        complexity: pageComplexity,
        totalCount: true,
        description: "Their API keys that the viewer may see, newest first; none when a key asks.",
        extensions: relatedList("user", "apiKeys", NEWEST_FIRST, {
          scope: ({ viewer }) => keysSeenBy(viewer),
        }),
        query: (args, { viewer }) => {
          checkPage(args);
          return { orderBy: { id: "desc" }, where: keysSeenBy(viewer) };
        },
      },
      ...apiKeyPages,
    ),
    suspendedAt: t.field({
      type: "DateTime",
      nullable: true,
      description:
        "Since when everything of theirs is refused; null unless they are suspended, and for anybody but an administrator.",
      select: { suspendedAt: true },
      resolve: ({ suspendedAt }, _args, { viewer }) => (viewer.isAdmin ? suspendedAt : null),
    }),
    usage: t.field({
      complexity: { field: COMPUTED },
      type: UsageType,
      nullable: true,
      description:
        "The model calls of the present UTC day; null for anybody but the viewer. An API key that is bound to one project sees the calls for that project only.",
      resolve: ({ id }, _args, { viewer, services }) =>
        id === viewer.userId
          ? readUsage(services.prisma, id, services.clock.now(), viewer.key?.projectId)
          : null,
    }),
    createdAt: t.expose("createdAt", { type: "DateTime", description: "When they were first seen." }),
  }),
});
