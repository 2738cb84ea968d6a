import type { Plan } from "../../../src/domain/account/plan.ts";
import { documentOf, sectionsOf } from "../../../src/domain/artifact/documents.ts";
import { openSections } from "../../../src/domain/artifact/tier.ts";
import { ARTIFACT_TYPES, type ArtifactType } from "../../../src/domain/artifact/type.ts";
import type { JsonValue } from "../../../src/domain/event/event.ts";
import { NO_USAGE } from "../../../src/llm/runner.ts";
import { sampleOf } from "../../domain/artifact/sample-content.ts";
import type { ScriptedRunner } from "../../support/scripted-runner.ts";
import { GenerateArtifacts, settled } from "./documents.ts";
import type { Founder } from "./founder.ts";

/** Which text of a section it is: what was written first and second, what was noted, what was refused. */
export type Edition = "v1" | "v2" | "note" | "refused";

/** A text that stands nowhere but in that section's edition: where it is found, the section has come through. */
export function mark(type: ArtifactType, section: string, edition: Edition): string {
  return `MARK-${type}-${section}-${edition}`;
}

/** What fits a section, with its mark in every text. */
export function markedSection(type: ArtifactType, section: string, edition: Edition): JsonValue {
  const definition = documentOf(type).sections[section];
  if (!definition) throw new Error(`There is no ${type}.${section}.`);
  return sampleOf(definition.schema, mark(type, section, edition));
}

export function markedContent(type: ArtifactType, edition: Edition): Record<string, JsonValue> {
  return Object.fromEntries(
    sectionsOf(documentOf(type)).map(([key]) => [key, markedSection(type, key, edition)]),
  );
}

/** All marks in a text, each once, in order. */
export function marksIn(text: string): string[] {
  return [...new Set(text.match(/MARK-[A-Z_]+-[A-Za-z]+-(?:v1|v2|note|refused)/g))].sort();
}

/** The marks that a plan opens, of those documents and editions. A section that is a number has none but its notes'. */
export function openMarks(
  plan: Plan,
  types: readonly ArtifactType[],
  editions: readonly Edition[],
): string[] {
  return types
    .flatMap((type) =>
      openSections(documentOf(type), plan).flatMap((key) =>
        editions
          .filter((edition) => edition === "note" || hasText(type, key))
          .map((edition) => mark(type, key, edition)),
      ),
    )
    .sort();
}

export function hasText(type: ArtifactType, section: string): boolean {
  return marksIn(JSON.stringify(markedSection(type, section, "v1"))).length > 0;
}

/** Has all documents of a project written, with the marks of that edition. */
export async function writeMarked(
  founder: Founder,
  runner: ScriptedRunner,
  projectId: string,
  edition: Edition,
) {
  for (const type of ARTIFACT_TYPES) {
    const content = markedContent(type, edition);
    runner.next(type, async () => ({ content, model: "scripted", usage: NO_USAGE }));
  }
  await founder.succeed(GenerateArtifacts, { projectId, force: true });
  return settled(founder, projectId);
}
