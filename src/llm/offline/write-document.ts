import type { GenerationContext } from "../../domain/artifact/context.ts";
import { sectionsOf } from "../../domain/artifact/documents.ts";
import type { DocumentDefinition, SectionDefinition } from "../../domain/artifact/section.ts";
import type { ArtifactType } from "../../domain/artifact/type.ts";
import { type Facts, factsOf } from "./facts/facts.ts";
import { featuresOf } from "./features.ts";
import { type Material, writeBySchema } from "./generic-writer.ts";
import { readSources, type Sources } from "./sources.ts";
import { clip, quotedFirst, sentence, upperFirst } from "./text.ts";
import { howItWorksWriters } from "./writers/how-it-works.ts";
import { milestonePlanWriters } from "./writers/milestone-plan.ts";
import { mvpScopeWriters } from "./writers/mvp-scope.ts";
import { briefWriters } from "./writers/product-brief.ts";
import { riskLogWriters } from "./writers/risk-log.ts";
import type { Writer } from "./writers/writer.ts";

const WRITERS: Readonly<Record<ArtifactType, Readonly<Record<string, Writer<unknown>>>>> = {
  BRIEF: briefWriters,
  MVP_SCOPE: mvpScopeWriters,
  MILESTONES: milestonePlanWriters,
  RISK_LOG: riskLogWriters,
  HOW_IT_WORKS: howItWorksWriters,
};

/** All sections of a document, each from the project's facts and from what it declares to use. */
export function writeDocument(
  document: DocumentDefinition,
  context: GenerationContext,
): Record<string, unknown> {
  const facts = factsOf(context);
  return Object.fromEntries(
    sectionsOf(document).map(([key, section]) => {
      const sources = readSources(section, context.documents);
      const writer = Object.hasOwn(WRITERS[document.type], key) ? WRITERS[document.type][key] : undefined;
      return [key, writer?.(facts, sources) ?? writeGeneric(section, facts, sources)];
    }),
  );
}

/** A section for which there is no writer yet. */
function writeGeneric(section: SectionDefinition, facts: Facts, sources: Sources): unknown {
  return writeBySchema(section.schema, materialOf(section, facts, sources));
}

function materialOf({ title, description }: SectionDefinition, facts: Facts, sources: Sources): Material {
  const users = facts.users.short;
  const [first, ...others] = featuresOf(facts).map(({ name }) => clip(name, 120));
  const before = sources
    .all()
    .map((text) => `It follows from what we wrote before: ${quotedFirst(text, 200)}`);
  const name = first ?? facts.product;
  return {
    names: [name, ...others],
    keys: [name, ...others],
    sentences: [
      sentence(
        clip(
          `${upperFirst(title)}: we look at it for ${facts.product} and for ${users}, and begin with ${name}`,
          400,
        ),
      ),
      ...before,
      sentence(clip(`What we have to settle here: ${description}`, 480)),
      `We decide it together with the first ${users}, and write down why.`,
      `We keep it as small as ${name} allows, and look at it again at the next gate.`,
      `We know that it holds when ${users} stop asking about it.`,
    ],
  };
}
