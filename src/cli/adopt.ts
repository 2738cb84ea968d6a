import { v7 } from "uuid";
import { systemClock } from "../clock.ts";
import { loadConfig } from "../config.ts";
import { escapeUnseen, plainLine } from "../domain/plain-line.ts";
import { adoptProjectsAsOperator } from "../services/account/adopt-projects.ts";
import { askServer, openForCommand } from "./open-for-command.ts";
import { refuseOutdated } from "./refuse-outdated.ts";

export interface AdoptOptions {
  /** The `sub` of the new owner's tokens. */
  readonly to: string;
  readonly json?: boolean;
}

/** gatehouse adopt: gives the projects of the local user to a user of the configured issuer. */
export async function adopt({ to: subject, json = false }: AdoptOptions): Promise<void> {
  const config = loadConfig(process.env);
  if (config.auth.kind === "development") {
    throw new Error(
      "adopt needs the server's AUTH_… variables, which say whose tokens are meant: AUTH_JWT_SECRET or AUTH_JWKS_URL, AUTH_ISSUER and AUTH_AUDIENCE.",
    );
  }
  const { issuer } = config.auth;
  const input = `{ subject: ${JSON.stringify(subject)} }`;
  const query = `mutation { adoptProjects(input: ${input}) { ... on AdoptProjectsSuccess { projects } ... on Error { message } } }`;
  const database = await openForCommand(config, {
    command: "adopt",
    make: false,
    instead: askServer(config, query),
  });
  try {
    await refuseOutdated(database);
    const services = {
      prisma: database.prisma,
      clock: systemClock,
      ids: { next: () => v7() },
      // Servers beside it on PostgreSQL find the events with their next poll of the log.
      wakeups: { publish: () => {} },
    };
    const { part } = await adoptProjectsAsOperator(services, { issuer, subject });
    const projects = Number(part);
    if (json)
      return console.log(
        escapeUnseen(JSON.stringify({ database: database.location, issuer, subject, projects }, null, 2)),
      );
    console.log(`Database  ${database.location}`);
    console.log(`Owner     ${escapeUnseen(JSON.stringify(subject))} of ${plainLine(issuer)}`);
    console.log(
      projects === 0
        ? "Adopted   nothing: no project belongs to the local user"
        : `Adopted   ${projects} ${projects === 1 ? "project" : "projects"} of the local user, who stays a member (EDITOR)`,
    );
  } finally {
    await database.close();
  }
}
