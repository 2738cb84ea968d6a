import { z } from "zod";

/** How many notes a document holds. */
export const MAX_ANNOTATIONS = 200;

export const annotationSchema = z.object({
  id: z.uuid(),
  /** The section that it is about. */
  section: z.string(),
  note: z.string(),
  createdAt: z.iso.datetime(),
});
export const annotationsSchema = z.array(annotationSchema);

/** What a person noted beside a section. It is no part of the content, and stays when that is written anew. */
export type Annotation = z.infer<typeof annotationSchema>;
