import { AcceptInvitation, CreateApiKey, InviteMember } from "../../api/support/account-commands.ts";
import { Founder } from "../../api/support/founder.ts";
import { Viewer } from "../../api/support/queries.ts";
import type { CreateApiKeyInput } from "../../generated/graphql.ts";
import { bearer } from "../../support/tokens.ts";

/** Somebody with a token of theirs. */
export async function person(app: { readonly url: string }, subject: string): Promise<Founder> {
  return new Founder(app, await bearer(subject));
}

export async function userIdOf(founder: Founder): Promise<string> {
  return (await founder.read(Viewer, {})).viewer.id;
}

/** Somebody who has accepted an invitation to a project. */
export async function join(
  app: { readonly url: string },
  owner: Founder,
  projectId: string,
  role: "EDITOR" | "VIEWER" | "AGENT",
): Promise<{ readonly founder: Founder; readonly userId: string }> {
  const founder = await person(app, `${role}-${crypto.randomUUID()}`);
  const { token } = await owner.succeed(InviteMember, { projectId, role });
  await founder.succeed(AcceptInvitation, { token: token ?? "" });
  return { founder, userId: await userIdOf(founder) };
}

/** Somebody's key: its id, its text, and who asks with it. */
export async function keyOf(
  app: { readonly url: string },
  founder: Founder,
  input: Partial<CreateApiKeyInput> = {},
) {
  const { secret, apiKey } = await founder.succeed(CreateApiKey, {
    name: "Robot",
    scopes: ["WRITE"],
    ...input,
  });
  const text = secret ?? "";
  return { ...apiKey, text, robot: new Founder(app, { authorization: `Bearer ${text}` }) };
}
