import { isWhiteLabel, type Plan } from "../../domain/account/plan.ts";
import { exportFileName } from "../../domain/artifact/export-file-name.ts";
import { EXPORT_VARIANTS, type ExportVariant } from "../../domain/artifact/outline.ts";
import { assertNever } from "../../domain/assert-never.ts";
import { ValidationError } from "../../domain/errors.ts";
import { PdfBusyError, renderPdf } from "../../export/render-pdf.ts";
import type { PrismaClient } from "../../generated/prisma/client.ts";
import { type Asker, projectsSeenBy } from "../account/seen-by.ts";
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
  readonly viewer: Asker;
  readonly format: "md" | "pdf";
  /** READABLE when null. */
  readonly variant: string | null;
  readonly now: Date;
  /** Where fonts for a PDF are, beside those of the program; null for the machine's usual places. */
  readonly fontPlaces: readonly string[] | null;
}

/**
 * All documents of a project as one file: the sections that the plan of its owner opens.
 *
 * @returns null when there is no such project or it is someone else's; BUSY when too many PDFs are being made
 * @throws ValidationError for a variant that is none
 */
export async function exportProject(
  prisma: PrismaClient,
  { projectId, viewer, format, variant: asked, now, fontPlaces }: ExportOrder,
): Promise<ExportedProject | "BUSY" | null> {
  const variant = variantNamed(asked, format);
  const project = await prisma.project.findUnique({
    where: { ...projectsSeenBy(viewer), id: projectId },
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
      const { description } = project;
      const whiteLabel = isWhiteLabel(plan);
      try {
        const body = await renderPdf({ name, description, documents, date: now, whiteLabel, fontPlaces });
        return { contentDisposition, contentType: "application/pdf", body };
      } catch (error) {
        if (error instanceof PdfBusyError) return "BUSY";
        throw error;
      }
    }
    default:
      return assertNever(format);
  }
}

function variantNamed(asked: string | null, format: ExportOrder["format"]): ExportVariant {
  const variant = EXPORT_VARIANTS.find((each) => each === (asked ?? "READABLE").toUpperCase());
  if (variant === "READABLE" || (variant && format === "md")) return variant;
  const message =
    format === "pdf" ? "a PDF is always READABLE" : `must be one of ${EXPORT_VARIANTS.join(", ")}`;
  throw new ValidationError([{ path: "variant", message }]);
}
