/** The types of the events about documents, each with what it tells. */
export const ARTIFACT_EVENT_TYPES = {
  generation_started: "The writing of documents began; detail holds which.",
  artifact_generated: "A model wrote a document; detail holds its type and version.",
  artifact_failed: "A document could not be written; detail holds why. What it said before is untouched.",
  generation_ended: "The writing ended; all that was asked for is written, or one of them failed.",
  artifact_edited: "A person changed a section of a document; detail holds which.",
  artifact_reverted: "A document went back to its previous version.",
  artifact_annotated: "A person noted something beside a section.",
  annotation_removed: "A note was removed.",
} as const;
