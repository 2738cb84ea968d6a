import { rolesWith } from "../../domain/account/permissions.ts";
import type { Plan } from "../../domain/account/plan.ts";
import { defaultModels } from "../../domain/discussion/participants.ts";
import { readSettings } from "../../domain/discussion/settings.ts";
import { explainTransition } from "../../domain/stage/advance.ts";
import { suggestFocus } from "../../domain/stage/focus.ts";
import { type ProjectStatus, STAGES, toStageNumber } from "../../domain/stage/stage.ts";
import { isDismissed, type RiskDismissal } from "../../domain/stage/system-risk.ts";
import { keysSeenBy } from "../../services/account/api-keys.ts";
import { invitationsSeenBy } from "../../services/account/invitations.ts";
import { projectsWithRole } from "../../services/account/seen-by.ts";
import { projectAsMarkdown } from "../../services/artifact/markdown.ts";
import { apiKeyPages } from "../account/api-key.ts";
import { ProjectRoleEnum } from "../account/enums.ts";
import { invitationPages } from "../account/invitation.ts";
import { isMembership, memberPages } from "../account/member.ts";
import { ArtifactTypeEnum, ExportVariantEnum } from "../artifact/enums.ts";
import { ArtifactGenerationType } from "../artifact/generation.ts";
import { builder, pageComplexity } from "../builder.ts";
import { pagesOf } from "../connection.ts";
import { discussionPages } from "../discussion/discussion.ts";
import { DiscussionStatusEnum } from "../discussion/enums.ts";
import { DiscussionSettingsType } from "../discussion/parts.ts";
import { encodePosition, isPosition, isPositionIn } from "../event/cursor.ts";
import { EventSubjectEnum } from "../event/enums.ts";
import { EventInterface, eventPages } from "../event/event.ts";
import { encodeId } from "../ids.ts";
import { LOG_ORDER, NEWEST_FIRST, OLDEST_FIRST, relatedList } from "../paged-list.ts";
import { checkPage } from "../pages.ts";
import { RunStatusEnum } from "../run/enums.ts";
import { runPages } from "../run/run.ts";
import { COMPUTED, COMPUTED_LIST, LONG_TEXT, WHOLE_PROJECT } from "../weights.ts";
import { GateStatusEnum, ProjectStatusEnum, StageEnum } from "./enums.ts";
import { gatePages } from "./gate.ts";
import { StageOptionType } from "./machine.ts";
import { FocusType, type JudgedSystemRisk, SystemRiskType } from "./risk.ts";

/** What lists of things that stand in some way are narrowed by. */
function byStatus({ status }: { readonly status?: string | null | undefined }) {
  return status ? { status } : {};
}

function bySubjects({ subjects }: { readonly subjects?: readonly string[] | null | undefined }) {
  return subjects ? { subject: { in: [...subjects] } } : {};
}

export const ProjectType = builder.prismaObject("Project", {
  description: "A product on its journey through the stages.",
  interfaces: [builder.nodeInterfaceRef()],
  select: { id: true },
  fields: (t) => ({
    id: t.id({ description: "A TypeID: project_…", resolve: ({ id }) => encodeId("project", id) }),
    owner: t.relation("owner", { description: "Whose project it is." }),
    viewerRole: t.field({
      type: ProjectRoleEnum,
      description: "What the viewer is to it: what they may do follows from that.",
      resolve: async ({ id }, _args, { loaders }) => (await loaders.roles.load(id)) ?? "VIEWER",
    }),
    members: t.relatedConnection(
      "members",
      {
        cursor: "projectId_userId",
        complexity: pageComplexity,
        totalCount: true,
        description:
          "Who is a member of it, in the order of their ids. An AGENT does not see members: for them it is empty.",
        extensions: relatedList(
          "project",
          "members",
          { column: "userId", direction: "asc" },
          {
            scope: ({ viewer }) => ({ project: projectsWithRole(viewer, rolesWith("READ_MEMBERS")) }),
            // A membership that has ended has no place any more: its cursor is refused, not taken for the list's end.
            isOwnCursor: async (decoded, { id }, { prisma, viewer }) => {
              if (!isMembership(decoded) || decoded[0] !== id) return false;
              const projectId_userId = { projectId: id, userId: decoded[1] };
              const where = {
                projectId_userId,
                project: projectsWithRole(viewer, rolesWith("READ_MEMBERS")),
              };
              return (await prisma.projectMember.findUnique({ where })) !== null;
            },
          },
        ),
        query: (args, { viewer }) => {
          checkPage(args, isMembership);
          return {
            orderBy: { userId: "asc" },
            where: { project: projectsWithRole(viewer, rolesWith("READ_MEMBERS")) },
          };
        },
      },
      ...memberPages,
    ),
    invitations: t.relatedConnection(
      "invitations",
      {
        cursor: "id",
        complexity: pageComplexity,
        totalCount: true,
        description: "Its invitations, newest first. Only its owner sees them: for others it is empty.",
        extensions: relatedList("project", "invitations", NEWEST_FIRST, {
          scope: ({ viewer }) => invitationsSeenBy(viewer),
        }),
        query: (args, { viewer }) => {
          checkPage(args);
          return { orderBy: { id: "desc" }, where: invitationsSeenBy(viewer) };
        },
      },
      ...invitationPages,
    ),
    apiKeys: t.relatedConnection(
      "apiKeys",
      {
        cursor: "id",
        complexity: pageComplexity,
        totalCount: true,
        description:
          "The API keys that are bound to it, newest first: all of them for its owner, one's own for others, none for a key.",
        extensions: relatedList("project", "apiKeys", NEWEST_FIRST, {
          scope: ({ viewer }) => keysSeenBy(viewer),
        }),
        query: (args, { viewer }) => {
          checkPage(args);
          return { orderBy: { id: "desc" }, where: keysSeenBy(viewer) };
        },
      },
      ...apiKeyPages,
    ),
    name: t.exposeString("name", { description: "Its name, 1 to 255 characters." }),
    description: t.exposeString("description", {
      complexity: LONG_TEXT,
      description: "What it is, up to 10,000 characters.",
    }),
    status: t.field({
      type: ProjectStatusEnum,
      description: "Whether it moves.",
      select: { status: true },
      resolve: ({ status }) => status as ProjectStatus,
    }),
    stage: t.field({
      type: StageEnum,
      description: "The stage that it is in.",
      select: { stageNumber: true },
      resolve: ({ stageNumber }) => toStageNumber(stageNumber),
    }),
    stageNumber: t.exposeInt("stageNumber", {
      nullable: true,
      description: "The stage's number, 1 to 5; null in the pre-stage.",
    }),
    stageEnteredAt: t.expose("stageEnteredAt", {
      type: "DateTime",
      nullable: true,
      description: "When it entered the stage; null in the pre-stage.",
    }),
    progressPercent: t.exposeInt("progressPercent", {
      description:
        "The floor of the average of its stages' progress, weighted by their total weights. It falls when milestones are reset.",
    }),
    stages: t.relation("stageConfigs", {
      description: "Its five stages in their order, as it has set them up.",
      query: { orderBy: { stageNumber: "asc" } },
    }),
    gates: t.relatedConnection(
      "gates",
      {
        cursor: "id",
        complexity: pageComplexity,
        totalCount: true,
        description: "Its gates, oldest first.",
        extensions: relatedList("project", "gates", OLDEST_FIRST, { filter: byStatus }),
        args: {
          status: t.arg({ type: GateStatusEnum, description: "Only gates that stand so." }),
        },
        query: (args) => {
          checkPage(args);
          return { orderBy: { id: "asc" }, where: byStatus(args) };
        },
      },
      ...gatePages,
    ),
    events: t.relatedConnection(
      "events",
      {
        type: EventInterface,
        cursor: "projectId_sequence",
        complexity: pageComplexity,
        totalCount: true,
        description: "Its log, oldest first: `last: 10` gives the newest ten.",
        extensions: relatedList("project", "events", LOG_ORDER, {
          filter: bySubjects,
          isOwnCursor: isPositionIn,
        }),
        args: {
          subjects: t.arg({ type: [EventSubjectEnum], description: "Only events about these." }),
        },
        query: (args) => {
          checkPage(args, isPosition);
          return { orderBy: { sequence: "asc" }, where: bySubjects(args) };
        },
      },
      ...eventPages,
    ),
    artifacts: t.relation("artifacts", {
      description: "Its documents, in the order in which they are written; none until they are asked for.",
      args: { types: t.arg({ type: [ArtifactTypeEnum], description: "Only these." }) },
      query: ({ types }) => ({ orderBy: { id: "asc" }, ...(types && { where: { type: { in: types } } }) }),
    }),
    artifactGeneration: t.field({
      type: ArtifactGenerationType,
      description: "How far the writing of its documents has come.",
      select: { generations: { take: 1, orderBy: { id: "desc" } } },
      resolve: ({ generations }) => ({ row: generations[0] ?? null }),
    }),
    markdown: t.string({
      description:
        "All its documents as one, with a table of contents: the sections that the owner's plan opens.",
      // Five documents in full, made anew each time.
      complexity: WHOLE_PROJECT,
      args: {
        variant: t.arg({ type: ExportVariantEnum, defaultValue: "READABLE", description: "For whom." }),
      },
      select: { name: true, description: true, owner: { select: { plan: true } } },
      resolve: async (project, { variant }, { loaders, services }) => {
        const rows = (await loaders.documents.load(project.id)) ?? [];
        const plan = project.owner.plan as Plan;
        return projectAsMarkdown(project, rows, {
          plan,
          variant: variant ?? "READABLE",
          date: services.clock.now(),
        });
      },
    }),
    models: t.stringList({
      description:
        "The models that discuss it unless told: those that were set, otherwise the first ones that the owner's plan allows.",
      select: { models: true, owner: { select: { planTier: { select: { maxModels: true } } } } },
      resolve: ({ models, owner }, _args, { services }) => [
        ...defaultModels(models as string[], services.runner.models, owner.planTier.maxModels),
      ],
    }),
    settings: t.field({
      type: DiscussionSettingsType,
      description: "How its discussions are held.",
      select: { settings: true },
      resolve: ({ settings }) => readSettings(settings),
    }),
    discussions: t.relatedConnection(
      "discussions",
      {
        cursor: "id",
        complexity: pageComplexity,
        totalCount: true,
        description: "Its discussions, newest first.",
        extensions: relatedList("project", "discussions", NEWEST_FIRST, { filter: byStatus }),
        args: { status: t.arg({ type: DiscussionStatusEnum, description: "Only those that stand so." }) },
        query: (args) => {
          checkPage(args);
          return { orderBy: { id: "desc" }, where: byStatus(args) };
        },
      },
      ...discussionPages,
    ),
    runs: t.relatedConnection(
      "runs",
      {
        cursor: "id",
        complexity: pageComplexity,
        totalCount: true,
        description: "The runs of agents in it, newest first.",
        extensions: relatedList("project", "runs", NEWEST_FIRST, { filter: byStatus }),
        args: {
          status: t.arg({ type: RunStatusEnum, description: "Only runs that stand so." }),
        },
        query: (args) => {
          checkPage(args);
          return { orderBy: { id: "desc" }, where: byStatus(args) };
        },
      },
      ...runPages,
    ),
    startCursor: t.string({
      description: "Before the first event: subscribe after it to replay everything.",
      resolve: ({ id }) => encodePosition({ projectId: id, sequence: 0 }),
    }),
    endCursor: t.string({
      description:
        "After the newest event that is part of what you read here: subscribe after it to miss nothing that follows.",
      select: { eventSequence: true },
      resolve: ({ id, eventSequence }) => encodePosition({ projectId: id, sequence: eventSequence }),
    }),
    stageTransitions: t.field({
      complexity: COMPUTED_LIST,
      type: [StageOptionType],
      description: "What `transitionStage` to each stage would come to now, and what stands in its way.",
      resolve: async ({ id }, _args, { loaders }) => {
        const journey = await loaders.journeys.load(id);
        if (!journey) return [];
        return STAGES.map(({ number }) => ({ to: number, blockers: explainTransition(journey, number) }));
      },
    }),
    systemRisks: t.field({
      complexity: COMPUTED_LIST,
      type: [SystemRiskType],
      args: {
        includeDismissed: t.arg.boolean({
          defaultValue: false,
          description: "Whether to list the dismissed ones too.",
        }),
      },
      description: "The risks that follow from how it is going, computed now.",
      select: { riskDismissals: true },
      resolve: async ({ id, riskDismissals }, { includeDismissed }, { loaders }) => {
        const risks = judge((await loaders.systemRisks.load(id)) ?? [], riskDismissals as RiskDismissal[]);
        return risks.filter((risk) => includeDismissed || !risk.dismissed);
      },
    }),
    suggestedFocus: t.field({
      complexity: COMPUTED,
      type: FocusType,
      nullable: true,
      description:
        "The one thing to look at next; null for an archived project, and once the last stage that is open is complete.",
      select: { riskDismissals: true },
      resolve: async ({ id, riskDismissals }, _args, { loaders }) => {
        const [journey, systemRisks] = await Promise.all([
          loaders.journeys.load(id),
          loaders.systemRisks.load(id),
        ]);
        const open = judge(systemRisks ?? [], riskDismissals as RiskDismissal[]);
        return (
          journey &&
          suggestFocus(
            journey,
            journey.stage,
            open.filter((risk) => !risk.dismissed),
          )
        );
      },
    }),
    version: t.exposeInt("version", {
      description: "Counts the changes to its own fields; hand it back as `expectedVersion`.",
    }),
    archivedAt: t.expose("archivedAt", {
      type: "DateTime",
      nullable: true,
      description: "When it was archived; null unless it was.",
    }),
    createdAt: t.expose("createdAt", { type: "DateTime", description: "When it was created." }),
    updatedAt: t.expose("updatedAt", { type: "DateTime", description: "When a command last changed it." }),
  }),
});

function judge(
  risks: readonly Omit<JudgedSystemRisk, "dismissed">[],
  dismissals: readonly RiskDismissal[],
): JudgedSystemRisk[] {
  return risks.map((risk) => ({ ...risk, dismissed: isDismissed(risk, dismissals) }));
}

/** The pages of projects, for every list of them. */
export const projectPages = pagesOf("Project", ProjectType);
