import { stdin, stdout } from "node:process";
import { createInterface } from "node:readline/promises";
import { styleText } from "node:util";
import { plainLine } from "../../domain/plain-line.ts";
import { ask, type Endpoint } from "../client/endpoint.ts";
import { type Done, type Question, RESOLVE } from "./operations.ts";

/** A question as people read it, with the ways to answer it. The token itself is not shown. */
export function questionText(question: Question, { url, token }: Endpoint): string {
  const { id, plainEnglishProblem, attemptsSummary, recommendedAction, options } = question;
  const width = Math.max(...options.map(({ value }) => value.length));
  // An agent's own question need not offer to try again.
  const decision = (options.find(({ value }) => value === "retry") ?? options[0])?.value ?? "";
  const mutation = `mutation { resolveEscalation(input: { escalationId: "${id}", decision: "${decision}" }) { __typename ... on Error { message } } }`;
  const graphiql = new URL(url);
  graphiql.searchParams.set("query", mutation);
  const body = JSON.stringify({ query: mutation });
  const proof = token === undefined ? "" : ' -H "authorization: Bearer $GATEHOUSE_TOKEN"';
  return [
    "",
    styleText("bold", "An agent is stuck, and asks you:"),
    `  ${plainLine(plainEnglishProblem)}`,
    ...attemptsSummary.map((attempt) => `  - ${plainLine(attempt)}`),
    `  ${plainLine(recommendedAction)}`,
    "",
    ...options.map(({ value, label, description }) =>
      `  ${styleText("cyan", value.padEnd(width))}  ${plainLine(label)}. ${plainLine(description)}`.trimEnd(),
    ),
    "",
    token === undefined
      ? "Answer it in a browser:"
      : 'Answer it in a browser, with {"Authorization": "Bearer …"} under Headers:',
    `  ${graphiql}`,
    "or in another terminal:",
    `  curl -s ${url} -H 'content-type: application/json'${proof} -d '${body}'`,
    "",
  ].join("\n");
}

/**
 * Asks on this terminal, until an answer is accepted here or the signal says that there is one from elsewhere. The words
 * after the option are the guidance. Does nothing where nobody sits at it.
 */
export async function askHere(endpoint: Endpoint, question: Question, signal: AbortSignal): Promise<void> {
  if (!stdin.isTTY || !stdout.isTTY) return;
  const terminal = createInterface({ input: stdin, output: stdout });
  // Ctrl-C here is what it is everywhere else.
  terminal.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
  try {
    while (!signal.aborted) {
      const line = await terminal.question("or here, an option and what the agent should know: ", { signal });
      const [decision = "", ...words] = line.trim().split(/\s+/);
      if (decision === "") continue;
      const guidance = words.join(" ");
      const input = { escalationId: question.id, decision, ...(guidance !== "" && { guidance }) };
      const { result } = await ask<Done>(endpoint, RESOLVE, { input }, signal);
      if (result.message === undefined) return;
      console.log(plainLine(result.message));
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    terminal.close();
  }
}
