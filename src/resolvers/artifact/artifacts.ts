import { EditsWouldBeLostError, LockedTierError, QuotaExceededError } from "../../domain/errors.ts";
import { commandField } from "../../schema/command.ts";
import { decodeId } from "../../schema/ids.ts";
import { annotateArtifact, removeAnnotation } from "../../services/artifact/annotations.ts";
import { editArtifactSection } from "../../services/artifact/edit-section.ts";
import { revertArtifact } from "../../services/artifact/revert.ts";
import { generateArtifacts, regenerateArtifact } from "../../services/artifact/start-generation.ts";
import { inProject, project, projectId } from "../stage/fields.ts";
import { annotation, artifact, artifactId, expectedVersion, inArtifact, section } from "./fields.ts";

commandField("generateArtifacts", {
  description:
    "Has the project's documents written, each from those before it: those that are missing or failed, or, with `force`, all of them. It returns at once; follow `project.artifactGeneration` or the events. While documents are being written a second call is a ConflictError.",
  input: (t) => ({
    projectId: projectId(t),
    force: t.boolean({
      defaultValue: false,
      description: "Whether to write all of them anew, over people's edits too.",
    }),
  }),
  success: (t) => ({ project: project(t) }),
  errors: [EditsWouldBeLostError, QuotaExceededError],
  run: (input, caller, { services }) => generateArtifacts(services, caller, inProject(input)),
});

commandField("regenerateArtifact", {
  description:
    "Has one document written anew, from the earlier documents as they are now. What it says until then becomes its previous version.",
  input: (t) => ({
    artifactId: artifactId(t),
    force: t.boolean({ defaultValue: false, description: "Whether to write it over people's edits." }),
  }),
  success: (t) => ({ artifact: artifact(t) }),
  errors: [EditsWouldBeLostError, QuotaExceededError],
  run: (input, caller, { services }) => regenerateArtifact(services, caller, inArtifact(input)),
});

commandField("editArtifactSection", {
  description:
    "Changes a section of a document. The content has to fit the section's schema, as a model's has; while the document is being written it is a ConflictError.",
  input: (t) => ({
    artifactId: artifactId(t),
    section: section(t),
    content: t.field({
      type: "JSON",
      required: true,
      description: "What the section says from now on, in the shape that the content's type gives it.",
    }),
    expectedVersion: expectedVersion(t),
  }),
  success: (t) => ({ artifact: artifact(t) }),
  errors: [LockedTierError],
  run: (input, caller, { services }) =>
    editArtifactSection(services, caller, { ...inArtifact(input), content: input.content }),
});

commandField("revertArtifact", {
  description:
    "Takes a document back to its previous version, which changes places with the present one: reverting twice is as if nothing was done.",
  input: (t) => ({ artifactId: artifactId(t), expectedVersion: expectedVersion(t) }),
  success: (t) => ({ artifact: artifact(t) }),
  run: (input, caller, { services }) => revertArtifact(services, caller, inArtifact(input)),
});

commandField("annotateArtifact", {
  description: "Notes something beside a section. A document holds at most 200 notes.",
  input: (t) => ({
    artifactId: artifactId(t),
    section: section(t),
    note: t.string({ required: true, description: "1 to 2,000 characters." }),
  }),
  success: (t) => ({ annotation: annotation(t), artifact: artifact(t) }),
  errors: [LockedTierError],
  run: (input, caller, { services }) => annotateArtifact(services, caller, inArtifact(input)),
});

commandField("removeAnnotation", {
  description: "Removes a note from a document.",
  input: (t) => ({
    artifactId: artifactId(t),
    annotationId: t.id({ required: true, description: "The note's id." }),
  }),
  success: (t) => ({ artifact: artifact(t) }),
  errors: [LockedTierError],
  run: (input, caller, { services }) =>
    removeAnnotation(services, caller, {
      ...inArtifact(input),
      annotationId: decodeId("annotation", input.annotationId, "annotationId"),
    }),
});
