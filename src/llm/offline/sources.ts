import { type GenerationContext, sourcesOf } from "../../domain/artifact/context.ts";
import type { SectionDefinition, SectionRef } from "../../domain/artifact/section.ts";

/**
 * What a writer sees of the earlier documents: the sections that its own section declares, and no way to any other.
 * One that is not declared, not there or of another kind reads like one that was never written: undefined.
 */
export interface Sources {
  text(ref: SectionRef): string | undefined;
  texts(ref: SectionRef): readonly string[] | undefined;
  objects(ref: SectionRef): readonly Readonly<Record<string, unknown>>[] | undefined;
  number(ref: SectionRef): number | undefined;
  /** All of them as text, for a writer that knows nothing of their kinds. */
  all(): readonly string[];
}

export function readSources(
  section: Pick<SectionDefinition, "uses">,
  documents: GenerationContext["documents"],
): Sources {
  const values = new Map<string, unknown>(
    sourcesOf(section, documents).map(({ type, section: key, value }) => [`${type}.${key}`, value]),
  );
  const list = (ref: SectionRef) => {
    const value = values.get(ref);
    return Array.isArray(value) && value.length > 0 ? value : undefined;
  };
  return {
    text: (ref) => {
      const value = values.get(ref);
      return typeof value === "string" && value.trim() !== "" ? value : undefined;
    },
    texts: (ref) => list(ref)?.filter((item) => typeof item === "string"),
    objects: (ref) => list(ref)?.filter((item) => typeof item === "object" && item !== null),
    number: (ref) => {
      const value = values.get(ref);
      return typeof value === "number" ? value : undefined;
    },
    all: () => [...values.values()].flatMap(textsWithin),
  };
}

function textsWithin(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsWithin) : [];
}
