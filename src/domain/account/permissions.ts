/** What a member is to a project. */
export const ROLES = {
  OWNER: "Whose project it is: everything. Their plan and their budget count. Exactly one per project.",
  EDITOR: "Everything but members, keys of others, and archiving.",
  VIEWER: "Reads and subscribes.",
  AGENT: "Reads and subscribes, but does not see who the members are; works runs.",
} as const;
export type Role = keyof typeof ROLES;

/** The roles that somebody can be invited to. */
export const INVITED_ROLES = ["EDITOR", "VIEWER", "AGENT"] as const satisfies readonly Role[];

/** What an API key is good for. Each allows what the ones before it do. */
export const KEY_SCOPES = {
  READ: "Reads and subscribes.",
  WORK: "Works runs, too: what an AGENT may.",
  WRITE: "Gives the commands of its user's role, too, but those that only people give.",
} as const;
export type KeyScope = keyof typeof KEY_SCOPES;

interface Grant {
  /** What it allows, for the docs. */
  readonly meaning: string;
  /** The roles in the project that have it; null where it is not about a project that one is a member of. */
  readonly roles: readonly Role[] | null;
  /** The scopes of an API key that have it; none where only people have it. */
  readonly scopes: readonly KeyScope[];
}

const ALL_ROLES = ["OWNER", "EDITOR", "VIEWER", "AGENT"] as const satisfies readonly Role[];
const ALL_SCOPES = ["READ", "WORK", "WRITE"] as const satisfies readonly KeyScope[];

/** The permissions: who has them. A key has what its user's role in the project and its scopes both give. */
export const PERMISSIONS = {
  REFERENCE: {
    meaning: "What is the same for everybody: plans, models, machines.",
    roles: null,
    scopes: ALL_SCOPES,
  },
  SELF: {
    meaning: "What is one's own: one's user, one's list of projects.",
    roles: null,
    scopes: ALL_SCOPES,
  },
  READ: { meaning: "Read and follow a project.", roles: ALL_ROLES, scopes: ALL_SCOPES },
  WORK: {
    meaning: "Work its runs: claim, and go on under the lease.",
    roles: ["OWNER", "EDITOR", "AGENT"],
    scopes: ["WORK", "WRITE"],
  },
  EDIT: { meaning: "Give commands.", roles: ["OWNER", "EDITOR"], scopes: ["WRITE"] },
  CREATE: {
    meaning: "Make a project of one's own; not with a key that is bound to one.",
    roles: null,
    scopes: ["WRITE"],
  },
  READ_MEMBERS: {
    meaning: "See who the members are. The log tells everybody in the project their ids, and no more.",
    roles: ["OWNER", "EDITOR", "VIEWER"],
    scopes: ALL_SCOPES,
  },
  MANAGE: {
    meaning: "Invite and remove members, see and revoke their keys for the project, archive it.",
    roles: ["OWNER"],
    scopes: [],
  },
  TRANSFER: {
    meaning: "Make a member the owner. Administrators may, too, and need not be members.",
    roles: ["OWNER"],
    scopes: [],
  },
  LEAVE: { meaning: "Give one's membership up.", roles: ALL_ROLES, scopes: [] },
  JOIN: { meaning: "Become a member, with an invitation's token.", roles: null, scopes: [] },
  PERSON: { meaning: "Make and revoke one's own keys.", roles: null, scopes: [] },
  ADMIN: { meaning: "Administer: only the subjects of ADMIN_SUBJECTS.", roles: null, scopes: [] },
} as const satisfies Record<string, Grant>;
export type Permission = keyof typeof PERMISSIONS;

/** What each mutation takes. A mutation without a row here cannot be given. */
export const COMMAND_PERMISSIONS = {
  createProject: "CREATE",
  updateProject: "EDIT",
  archiveProject: "MANAGE",
  parkProject: "EDIT",
  unparkProject: "EDIT",
  transitionStage: "EDIT",
  openGate: "EDIT",
  decideGate: "EDIT",
  completeMilestone: "EDIT",
  reopenMilestone: "EDIT",
  setMilestone: "EDIT",
  removeMilestone: "EDIT",
  setExitCriteria: "EDIT",
  raiseRisk: "EDIT",
  dismissRisk: "EDIT",
  generateArtifacts: "EDIT",
  regenerateArtifact: "EDIT",
  editArtifactSection: "EDIT",
  revertArtifact: "EDIT",
  annotateArtifact: "EDIT",
  removeAnnotation: "EDIT",
  updateProjectSettings: "EDIT",
  startDiscussion: "EDIT",
  addRound: "EDIT",
  postMessage: "EDIT",
  summarizeConsensus: "EDIT",
  completeDiscussion: "EDIT",
  createRun: "EDIT",
  transitionRun: "EDIT",
  createWorkstream: "EDIT",
  transitionWorkstream: "WORK",
  claimWorkstream: "WORK",
  heartbeatWorkstream: "WORK",
  releaseWorkstream: "WORK",
  startStep: "WORK",
  completeStep: "WORK",
  recordError: "WORK",
  recordRunEvent: "WORK",
  raiseEscalation: "WORK",
  resolveEscalation: "EDIT",
  skipEscalation: "EDIT",
  inviteMember: "MANAGE",
  revokeInvitation: "MANAGE",
  acceptInvitation: "JOIN",
  changeMemberRole: "MANAGE",
  removeMember: "MANAGE",
  transferProject: "TRANSFER",
  leaveProject: "LEAVE",
  createApiKey: "PERSON",
  revokeApiKey: "PERSON",
  setPlanTier: "ADMIN",
  adoptProjects: "ADMIN",
  suspendUser: "ADMIN",
  reinstateUser: "ADMIN",
} as const satisfies Record<string, Permission>;
export type CommandName = keyof typeof COMMAND_PERMISSIONS;

/** Commands that an agent gives under its lease, and a person without one: without it they take more. */
const WITHOUT_LEASE: Readonly<Record<string, Permission>> = {
  transitionWorkstream: "EDIT",
  releaseWorkstream: "EDIT",
};

/** What each query and subscription takes. */
export const READ_PERMISSIONS = {
  "Query.viewer": "SELF",
  "Query.projects": "SELF",
  "Query.project": "READ",
  "Query.node": "READ",
  "Query.nodes": "READ",
  "Query.verifyTimeline": "READ",
  "Query.planTiers": "REFERENCE",
  "Query.models": "REFERENCE",
  "Query.stageMachine": "REFERENCE",
  "Query.runMachine": "REFERENCE",
  "Query.workstreamMachine": "REFERENCE",
  "Subscription.stageEvents": "READ",
  "Subscription.projectEvents": "READ",
  "Subscription.runEvents": "READ",
  "Subscription.discussionStream": "READ",
  "Subscription.viewerEvents": "SELF",
  "Subscription.escalationInbox": "SELF",
  "Export.md": "READ",
  "Export.pdf": "READ",
} as const satisfies Record<string, Permission>;

/** What it takes to see a thing of each type that `node` gives, and the fields that take more than their object. */
export const TYPE_PERMISSIONS = {
  User: "SELF",
  Project: "READ",
  StageConfig: "READ",
  DecisionGate: "READ",
  Artifact: "READ",
  Discussion: "READ",
  Round: "READ",
  Message: "READ",
  Consensus: "READ",
  Run: "READ",
  Workstream: "READ",
  StepAttempt: "READ",
  RunError: "READ",
  Escalation: "READ",
  Event: "READ",
  ProjectInvitation: "MANAGE",
  ApiKey: "PERSON",
  ProjectMember: "READ_MEMBERS",
  "Project.members": "READ_MEMBERS",
  "Project.invitations": "MANAGE",
  "Project.apiKeys": "MANAGE",
  "User.apiKeys": "PERSON",
} as const satisfies Record<string, Permission>;

/** The API key that somebody asks with. */
export interface KeyAccess {
  readonly id: string;
  readonly scopes: readonly KeyScope[];
  /** The one project that it opens; null for all of its user's. */
  readonly projectId: string | null;
}

/** What a command takes, given its input; null for what is no command of the API. */
export function permissionOf(command: string, input: object): Permission | null {
  if (!Object.hasOwn(COMMAND_PERMISSIONS, command)) return null;
  const permission = COMMAND_PERMISSIONS[command as CommandName];
  const withoutLease = Object.hasOwn(WITHOUT_LEASE, command) ? WITHOUT_LEASE[command] : undefined;
  const hasLease = "leaseToken" in input && input.leaseToken !== undefined && input.leaseToken !== null;
  return withoutLease !== undefined && !hasLease ? withoutLease : permission;
}

/** The roles that have a permission. */
export function rolesWith(permission: Permission): readonly Role[] {
  return PERMISSIONS[permission].roles ?? ALL_ROLES;
}

/** Whether a member with that role has a permission; a stranger (null) has what is not about being a member. */
export function roleAllows(role: Role | null, permission: Permission): boolean {
  const grant: Grant = PERMISSIONS[permission];
  return grant.roles === null || (role !== null && grant.roles.includes(role));
}

/** Whether a key with those scopes has a permission. */
export function scopesAllow(scopes: readonly KeyScope[], permission: Permission): boolean {
  const grant: Grant = PERMISSIONS[permission];
  return scopes.some((scope) => grant.scopes.includes(scope));
}
