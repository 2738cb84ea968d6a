export interface ProjectEvent {
  readonly cursor: string;
  readonly sequence: number;
}

export interface Answer {
  readonly projectEvents: ProjectEvent;
}

export const PROJECT_EVENTS = `subscription ($projectId: ID!, $after: String) {
  projectEvents(projectId: $projectId, after: $after) { cursor sequence type }
}`;
