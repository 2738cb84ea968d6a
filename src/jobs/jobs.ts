import type { ModelServices } from "../services/services.ts";
import { discussHandler } from "./discuss.ts";
import { generateArtifactsHandler } from "./generate-artifacts.ts";
import type { JobHandler } from "./job-handler.ts";

/** All jobs, with what they do. A new one is a file beside this one and a line here. */
export function createJobHandlers(services: ModelServices): readonly JobHandler[] {
  return [generateArtifactsHandler(services), discussHandler(services)];
}
