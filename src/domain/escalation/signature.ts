/** What a failure is recognised by, `{project}:{error type}:{hash}`: the hash is of its normalised message. */
export function escalationSignature(projectId: string, errorType: string, hash: string): string {
  return `${projectId}:${errorType}:${hash}`;
}
