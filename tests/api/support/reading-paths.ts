import { getDocumentProxy } from "unpdf";
import { ARTIFACT_TYPES, type ArtifactType } from "../../../src/domain/artifact/type.ts";
import { subscribe } from "../../support/subscription.ts";
import { CHANGES, CONTENT, FULL_ARTIFACT, FULL_EVENT } from "./full-artifact.ts";
import type { Edition } from "./marked-documents.ts";

/** A project whose documents are read. */
export interface Place {
  readonly url: string;
  readonly projectId: string;
  readonly artifactIds: Readonly<Record<ArtifactType, string>>;
}

/** A way by which content leaves the server. */
export interface ReadingPath<Args extends unknown[] = []> {
  /** Everything that arrives, as it arrives. */
  readonly read: (place: Place, ...args: Args) => Promise<string>;
  /** What of a section can be seen on this way, where its plan opens it. */
  readonly shows: readonly Edition[];
}

const ALL = ["v1", "v2", "note"] as const;

/** The ways to one document. */
export const DOCUMENT_PATHS: Readonly<Record<string, ReadingPath<[ArtifactType]>>> = {
  content: { read: field(`content ${CONTENT}`), shows: ["v2"] },
  previousContent: { read: field(`previousContent ${CONTENT}`), shows: ["v1"] },
  json: { read: field("json"), shows: ["v2"] },
  changes: { read: field(`changes ${CHANGES}`), shows: ["v1", "v2"] },
  "markdown READABLE": { read: field("markdown(variant: READABLE)"), shows: ["v2"] },
  "markdown TECHNICAL": { read: field("markdown(variant: TECHNICAL)"), shows: ["v2"] },
  annotations: { read: field("annotations { section note }"), shows: ["note"] },
  editedSections: { read: field("hasUserEdits editedSections"), shows: [] },
  staleSections: { read: field("staleSections { section causes { type section } }"), shows: [] },
  lockedSections: { read: field("lockedSections { section requiredTier }"), shows: [] },
  node: {
    read: ({ url, artifactIds }, type) =>
      ask(url, `{ node(id: "${artifactIds[type]}") { ... on Artifact ${FULL_ARTIFACT} } }`),
    shows: ALL,
  },
  nodes: {
    read: ({ url, artifactIds }, type) =>
      ask(url, `{ nodes(ids: ["${artifactIds[type]}"]) { ... on Artifact ${FULL_ARTIFACT} } }`),
    shows: ALL,
  },
};

/** The ways to all documents of a project at once. */
export const PROJECT_PATHS: Readonly<Record<string, ReadingPath>> = {
  "project.artifacts": { read: project(`artifacts ${FULL_ARTIFACT}`), shows: ALL },
  "projects and their artifacts": {
    read: ({ url }) => ask(url, `{ projects(first: 2) { nodes { artifacts ${FULL_ARTIFACT} } } }`),
    shows: ALL,
  },
  "the viewer's projects": {
    read: ({ url }) => ask(url, `{ viewer { projects(first: 2) { nodes { artifacts ${FULL_ARTIFACT} } } } }`),
    shows: ALL,
  },
  "project.markdown READABLE": { read: project("markdown"), shows: ["v2"] },
  "project.markdown TECHNICAL": { read: project("markdown(variant: TECHNICAL)"), shows: ["v2"] },
  events: { read: project(`events(last: 100) { nodes { ${FULL_EVENT} } }`), shows: [] },
  "the documents of events": { read: documentsOfEvents, shows: ALL },
  "the document of an event by its id": { read: documentOfEvent, shows: ALL },
  "projectEvents over WebSocket": { read: (place) => streamed(place, "WebSocket"), shows: ["v2"] },
  "projectEvents over SSE": { read: (place) => streamed(place, "SSE"), shows: ["v2"] },
  "the export as Markdown": { read: (place) => download(place, "md"), shows: ["v2"] },
  "the export as technical Markdown": {
    read: (place) => download(place, "md?variant=technical"),
    shows: ["v2"],
  },
  "the export as PDF": { read: pdfText, shows: ["v2"] },
};

/** The answer to an operation, as it came. @throws when it is an error */
export async function ask(url: string, query: string, variables: object = {}): Promise<string> {
  const response = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query, variables }),
  });
  const text = await response.text();
  if (response.status !== 200 || "errors" in JSON.parse(text)) throw new Error(text);
  return text;
}

function field(selection: string) {
  return ({ url, projectId }: Place, type: ArtifactType) =>
    ask(url, `{ project(id: "${projectId}") { artifacts(types: [${type}]) { ${selection} } } }`);
}

function project(selection: string) {
  return ({ url, projectId }: Place) => ask(url, `{ project(id: "${projectId}") { ${selection} } }`);
}

interface EventList {
  readonly data: {
    readonly project: {
      readonly startCursor: string;
      readonly events: {
        readonly totalCount: number;
        readonly nodes: readonly { readonly id: string; readonly type: string }[];
      };
    };
  };
}

async function eventsOf(place: Place) {
  const text = await project("startCursor events(last: 100) { totalCount nodes { id type } }")(place);
  return (JSON.parse(text) as EventList).data.project;
}

async function documentsOfEvents(place: Place): Promise<string> {
  const { events } = await eventsOf(place);
  const pages: string[] = [];
  for (let end = events.nodes.length; end > 0; end -= 10) {
    const ids = events.nodes.slice(Math.max(0, end - 10), end).map(({ id }) => JSON.stringify(id));
    pages.push(
      await ask(
        place.url,
        `{ nodes(ids: [${ids}]) { ... on ArtifactEvent { ${FULL_EVENT} artifact ${FULL_ARTIFACT} } } }`,
      ),
    );
  }
  return pages.join("\n");
}

async function documentOfEvent(place: Place): Promise<string> {
  const { events } = await eventsOf(place);
  const written = events.nodes.filter(({ type }) => type === "artifact_generated").slice(-5);
  const answers = written.map(({ id }) =>
    ask(place.url, `{ node(id: "${id}") { ... on ArtifactEvent { artifact ${FULL_ARTIFACT} } } }`),
  );
  if (answers.length !== ARTIFACT_TYPES.length) throw new Error("The newest five are one of each document.");
  return (await Promise.all(answers)).join("\n");
}

async function streamed(place: Place, transport: "WebSocket" | "SSE"): Promise<string> {
  const { startCursor, events } = await eventsOf(place);
  const stream = await subscribe<object, object>(
    transport,
    place.url,
    `subscription ($projectId: ID!, $after: String) {
      projectEvents(projectId: $projectId, after: $after) {
        ${FULL_EVENT}
        ... on ArtifactEvent { artifact { json markdown content ${CONTENT} } }
      }
    }`,
    { projectId: place.projectId, after: startCursor },
  );
  const payloads: string[] = [];
  while (payloads.length < events.totalCount) {
    const payload = await stream.next();
    if (!payload || payload.errors) throw new Error(JSON.stringify(payload));
    payloads.push(JSON.stringify(payload));
  }
  return payloads.join("\n");
}

async function fetchExport({ url, projectId }: Place, format: string): Promise<Response> {
  const response = await fetch(`${url}/export/projects/${projectId}.${format}`);
  if (response.status !== 200) throw new Error(await response.text());
  return response;
}

async function download(place: Place, format: string): Promise<string> {
  return (await fetchExport(place, format)).text();
}

/** The text of the PDF without white space: a line may end anywhere in a mark. */
async function pdfText(place: Place): Promise<string> {
  const bytes = new Uint8Array(await (await fetchExport(place, "pdf")).arrayBuffer());
  const file = await getDocumentProxy(bytes);
  const pages = await Promise.all(
    Array.from({ length: file.numPages }, async (_, index) => {
      const { items } = await (await file.getPage(index + 1)).getTextContent();
      return items.map((item) => ("str" in item ? item.str : "")).join("");
    }),
  );
  return pages.join(" ").replace(/\s+/g, "");
}
