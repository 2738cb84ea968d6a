/** The types of the events about who is a member, each with what it tells. */
export const MEMBER_EVENT_TYPES = {
  member_invited: "Somebody may join with a token; detail holds the role and until when.",
  invitation_revoked: "An invitation was taken back.",
  member_joined: "Somebody accepted an invitation; detail holds who, and their role.",
  member_role_changed: "A member's role changed; detail holds who.",
  project_transferred: "A member became the owner, who was it is an editor; detail holds both.",
  member_removed: "A member left or was removed; detail holds who.",
} as const;
