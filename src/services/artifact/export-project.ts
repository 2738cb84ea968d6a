import { isWhiteLabel, type Plan } from "../../domain/account/plan.ts";
import { exportFileName } from "../../domain/artifact/export-file-name.ts";
import { EXPORT_VARIANTS, type ExportVariant } from "../../domain/artifact/outline.ts";
import { assertNever } from "../../domain/assert-never.ts";
import { ValidationError } from "../../domain/errors.ts";
import type { PrismaClient } from "../../generated/prisma/client.ts";
import { exportedDocuments, projectAsMarkdown } from "./markdown.ts";

export interface ExportedProject {
  /** The header that says what the file is called. */
  readonly contentDisposition: string;
  readonly contentType: string;
  readonly body: string | Uint8Array;
}

/** What is to be exported, and when. */
export interface ExportOrder {
  readonly projectId: string;
  readonly viewerId: string;
  readonly format: "md" | "pdf";
  /** READABLE when null. */
  readonly variant: string | null;
  readonly now: Date;
}

/**
 * All documents of a project as one file: the sections that the plan of its owner opens.
 *
 * @returns null when there is no such project or it is someone else's
 * @throws ValidationError for a variant that is none
 */
export async function exportProject(
  prisma: PrismaClient,
  { projectId, viewerId, format, variant: asked, now }: ExportOrder,
): Promise<ExportedProject | null> {
  const variant = variantNamed(asked);
  const project = await prisma.project.findUnique({
    where: { id: projectId, ownerId: viewerId },
    include: { artifacts: true, owner: { select: { plan: true } } },
  });
  if (!project) return null;
  const { name, artifacts } = project;
  const { contentDisposition } = exportFileName(name, format);
  const plan = project.owner.plan as Plan;
  switch (format) {
    case "md": {
      const body = projectAsMarkdown(project, artifacts, { plan, variant, date: now });
      return { contentDisposition, contentType: "text/markdown; charset=utf-8", body };
    }
    case "pdf": {
      const documents = exportedDocuments(artifacts, plan);
      // Loaded at the first PDF: the library and its fonts take a tenth of a second that no start should wait.
      const { projectPdf } = await import("../../export/project-pdf.ts");
      const { description } = project;
      const body = await projectPdf({
        name,
        description,
        documents,
        date: now,
        whiteLabel: isWhiteLabel(plan),
      });
      return { contentDisposition, contentType: "application/pdf", body };
    }
    default:
      return assertNever(format);
  }
}

function variantNamed(asked: string | null): ExportVariant {
  const variant = EXPORT_VARIANTS.find((each) => each === (asked ?? "READABLE").toUpperCase());
  if (variant) return variant;
  const message = `must be one of ${EXPORT_VARIANTS.join(", ")}`;
  throw new ValidationError([{ path: "variant", message }]);
}
