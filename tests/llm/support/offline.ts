import {
  type CompleteContent,
  checkContent,
  type StoredContent,
} from "../../../src/domain/artifact/content.ts";
import type { GenerationContext } from "../../../src/domain/artifact/context.ts";
import { DOCUMENTS } from "../../../src/domain/artifact/documents.ts";
import { ARTIFACT_TYPES, type ArtifactType } from "../../../src/domain/artifact/type.ts";
import { writeDocument } from "../../../src/llm/offline/write-document.ts";

/** What a document is written from besides the documents before it. */
export type ProjectContext = Omit<GenerationContext, "documents">;

export function projectOf(
  name: string,
  description: string,
  changes: Partial<Omit<ProjectContext, "project">> = {},
): ProjectContext {
  return {
    project: { name, description, stage: "Validated direction" },
    decisions: [],
    risks: [],
    ...changes,
  };
}

/** The demo project, with what was decided and raised. */
export const DEMO_PROJECT = projectOf(
  "Inventory tracker for small shops",
  "Shop owners with one to five employees count stock on paper and find out too late what is missing. We let them scan a shelf with a phone and tell them what to order, and when.",
  {
    decisions: [
      {
        gateType: "thesis_review",
        stage: "Thesis defined",
        decision: "PROCEED",
        reason: "Three shop owners described the problem in the same words.",
      },
    ],
    risks: [
      { stage: "Validated direction", type: "technical", message: "A third of the goods have no barcode." },
    ],
  },
);

export const PROJECTS: readonly ProjectContext[] = [
  DEMO_PROJECT,
  projectOf("Ledger", ""),
  projectOf(
    "ShiftSwap",
    "Nurses in small hospitals lose hours on the phone when they need to change a shift. ShiftSwap lets nurses swap shifts without calling the ward. Managers approve swaps with one tap.",
  ),
  projectOf("Tinder for dogs", "Dog owners are lonely. An app that helps dog owners find play dates nearby."),
  projectOf(
    "Beehive",
    "Track honey harvests by hive, remind beekeepers to check for mites, and share the yield with the club.",
  ),
  projectOf(
    "PR Pilot",
    "AI code review for teams with no time. It comments on pull requests, explains why, and learns from what you dismiss.",
  ),
  projectOf("Kanban Plus", "Task management tool with Kanban boards, time tracking and reporting"),
  projectOf("蔬菜直送", "我们帮助小农场主直接把蔬菜卖给城市里的家庭。"),
  projectOf("🚀", "🚀🔥💯"),
  projectOf(
    "Grandma Stories",
    "Grandparents have stories nobody records. We help families record them and print a book.",
  ),
  projectOf("Endless", "We let parents of toddlers plan meals and shop for them. ".repeat(180)),
  projectOf("DentaBook", "Patients can book dentist appointments online without phone calls", {
    decisions: [
      {
        gateType: "scope",
        stage: "Thesis defined",
        decision: "NARROW",
        reason: "Only dentists, no other doctors.",
      },
      { gateType: "scope", stage: "MVP built", decision: "PIVOT", reason: "Dentists pay, patients do not." },
      { gateType: "scope", stage: "Thesis defined", decision: "PARK", reason: null },
    ],
    risks: ["market", "budget", "competitor", "team"].map((type) => ({
      stage: "Thesis defined",
      type,
      message: `Something about ${type} worries us.`,
    })),
  }),
];

type Documents = Readonly<Partial<Record<ArtifactType, StoredContent>>>;

/** The five documents of a project as they are stored, each written with those before it. @throws where one does not fit */
export function writeAll(project: ProjectContext, edited: Documents = {}): Required<Documents> {
  const documents: { [Type in ArtifactType]?: StoredContent } = {};
  for (const type of ARTIFACT_TYPES) {
    const checked = checkContent(DOCUMENTS[type], writeDocument(DOCUMENTS[type], { ...project, documents }));
    if ("problems" in checked) throw new Error(`${type}: ${checked.problems.join("; ")}`);
    documents[type] = { ...checked.content, ...edited[type] };
  }
  return documents as Required<Documents>;
}

/** The same with the types of their sections. */
export function contentsOf(documents: Required<Documents>) {
  return documents as unknown as {
    readonly [Type in ArtifactType]: CompleteContent<(typeof DOCUMENTS)[Type]["sections"]>;
  };
}

/** All texts within a value, in their order. */
export function textsWithin(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsWithin) : [];
}
