import type { TypedDocumentString } from "../generated/graphql.ts";

/** What a server answers to an operation. */
export interface Reply<Data> {
  readonly status: number;
  readonly headers: Headers;
  readonly data: Data | null | undefined;
  readonly errors?: readonly { message: string; path?: unknown[]; extensions?: Record<string, unknown> }[];
}

/** Sends an operation over HTTP and gives the whole answer. */
export async function send<Data, Variables>(
  url: string,
  document: TypedDocumentString<Data, Variables> | string,
  variables?: Variables,
  headers: Record<string, string> = {},
): Promise<Reply<Data>> {
  const response = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ query: document.toString(), variables }),
  });
  const body = (await response.json()) as Pick<Reply<Data>, "data" | "errors">;
  return { status: response.status, headers: response.headers, ...body };
}

/** Sends an operation that must succeed and gives its data. */
export async function execute<Data, Variables>(
  url: string,
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
  headers: Record<string, string> = {},
): Promise<Data> {
  const { data, errors } = await send(url, document, variables, headers);
  if (errors || !data) throw new Error(`The operation failed: ${JSON.stringify(errors)}`);
  return data;
}
