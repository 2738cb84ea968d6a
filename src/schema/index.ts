import "./scalars.ts";
import "./errors.ts";
import "./account/user.ts";
import "./stage/project.ts";
import "./event/event.ts";
import "./run/run-event.ts";
import "./escalation/escalation-event.ts";
import "./escalation/fields.ts";
import "../resolvers/account/account.ts";
import "../resolvers/artifact/artifacts.ts";
import "../resolvers/discussion/discussions.ts";
import "../resolvers/discussion/stream.ts";
import "../resolvers/escalation/escalations.ts";
import "../resolvers/escalation/inbox.ts";
import "../resolvers/event/subscriptions.ts";
import "../resolvers/event/verify-timeline.ts";
import "../resolvers/node.ts";
import "../resolvers/run/machines.ts";
import "../resolvers/run/runs.ts";
import "../resolvers/run/work.ts";
import "../resolvers/run/workstreams.ts";
import "../resolvers/stage/journey.ts";
import "../resolvers/stage/projects.ts";
import "../resolvers/stage/setup.ts";
import { builder } from "./builder.ts";
import { guardPages } from "./paged-list.ts";

/** The whole API. */
export const schema = guardPages(builder.toSchema());
