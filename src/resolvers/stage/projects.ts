import { QuotaExceededError } from "../../domain/errors.ts";
import {
  beyond,
  membershipFilter,
  type ProjectFilter,
  type ProjectIds,
  projectFilter,
} from "../../schema/account/project-filter.ts";
import { projectFilterArgs } from "../../schema/account/user.ts";
import { builder, pageComplexity } from "../../schema/builder.ts";
import { commandField } from "../../schema/command.ts";
import type { GraphQLContext } from "../../schema/context.ts";
import { decodeId } from "../../schema/ids.ts";
import { listById } from "../../schema/paged-list.ts";
import { checkPage } from "../../schema/pages.ts";
import { ProjectType, projectPages } from "../../schema/stage/project.ts";
import { projectsSeenBy } from "../../services/account/seen-by.ts";
import { createProject } from "../../services/stage/create-project.ts";
import { archiveProject, parkProject, unparkProject, updateProject } from "../../services/stage/projects.ts";
import { inProject, project, projectId, reason } from "./fields.ts";

builder.queryField("project", (t) =>
  t.prismaField({
    type: ProjectType,
    nullable: true,
    description: "A project by its id; null when there is none or it is someone else's.",
    args: { id: t.arg.id({ required: true, description: "The project's id." }) },
    resolve: (query, _root, { id }, { prisma, viewer }) => {
      const where = { ...projectsSeenBy(viewer), id: decodeId("project", id, "id") };
      return prisma.project.findUnique({ ...query, where });
    },
  }),
);

const VIEWERS_PROJECTS = listById((condition, args, _parent, context) =>
  hasProject(condition as { readonly id: ProjectIds }, args ?? { includeArchived: true }, context),
);

async function hasProject(
  { id }: { readonly id: ProjectIds },
  filter: ProjectFilter,
  { prisma, viewer }: GraphQLContext,
): Promise<boolean> {
  const where = membershipFilter(filter, viewer, id);
  return (await prisma.projectMember.findFirst({ where, select: { projectId: true } })) !== null;
}

builder.queryField("projects", (t) =>
  t.prismaConnection(
    {
      type: ProjectType,
      cursor: "id",
      complexity: pageComplexity,
      description: "The viewer's projects, newest first.",
      extensions: { pagedList: VIEWERS_PROJECTS },
      args: projectFilterArgs,
      resolve: (query, _root, args, { prisma, viewer }) => {
        checkPage(args);
        return prisma.project.findMany({
          ...query,
          where: projectFilter(args, viewer, beyond(query)),
          orderBy: { id: "desc" },
        });
      },
      totalCount: (_root, args, { prisma, viewer }) =>
        prisma.projectMember.count({ where: membershipFilter(args, viewer) }),
    },
    ...projectPages,
  ),
);

commandField("createProject", {
  description: "Creates a project in the pre-stage, with five stage configurations from the templates.",
  input: (t) => ({
    name: t.string({ required: true, description: "1 to 255 characters." }),
    description: t.string({ description: "Up to 10,000 characters." }),
  }),
  success: (t) => ({ project: project(t) }),
  errors: [QuotaExceededError],
  run: (input, caller, { services }) => createProject(services, caller, input),
});

commandField("updateProject", {
  description: "Changes a project's name, its description, or both.",
  input: (t) => ({
    projectId: projectId(t),
    name: t.string({ description: "The new name; left out, it stays." }),
    description: t.string({ description: "The new description; left out, it stays." }),
    expectedVersion: t.int({
      description: "The project's version that you have read; a stale one is a ConflictError.",
    }),
  }),
  success: (t) => ({ project: project(t) }),
  run: (input, caller, { services }) => updateProject(services, caller, inProject(input)),
});

commandField("archiveProject", {
  description: "Archives a project: it leaves the lists and accepts no further command. Its log stays.",
  input: (t) => ({ projectId: projectId(t), reason: reason(t) }),
  success: (t) => ({ project: project(t) }),
  run: (input, caller, { services }) => archiveProject(services, caller, inProject(input)),
});

commandField("parkProject", {
  description: "Parks an active project: it keeps its stage and makes no transition until it is unparked.",
  input: (t) => ({ projectId: projectId(t), reason: reason(t) }),
  success: (t) => ({ project: project(t) }),
  run: (input, caller, { services }) => parkProject(services, caller, inProject(input)),
});

commandField("unparkProject", {
  description: "Makes a parked project active again, in the stage that it was parked in.",
  input: (t) => ({ projectId: projectId(t), reason: reason(t) }),
  success: (t) => ({ project: project(t) }),
  run: (input, caller, { services }) => unparkProject(services, caller, inProject(input)),
});
