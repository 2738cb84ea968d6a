import { stdin, stdout } from "node:process";
import { createInterface } from "node:readline/promises";
import { styleText } from "node:util";
import { ask, type Endpoint } from "../client/endpoint.ts";
import { printable } from "../client/printable.ts";
import { type Done, type Question, RESOLVE } from "./operations.ts";

/** A question as people read it, with the ways to answer it. */
export function questionText(question: Question, url: URL): string {
  const { id, plainEnglishProblem, attemptsSummary, recommendedAction, options } = question;
  const width = Math.max(...options.map(({ value }) => value.length));
  const mutation = `mutation { resolveEscalation(input: { escalationId: "${id}", decision: "retry" }) { __typename ... on Error { message } } }`;
  const graphiql = new URL(url);
  graphiql.searchParams.set("query", mutation);
  const body = JSON.stringify({ query: mutation });
  return [
    "",
    styleText("bold", "An agent is stuck, and asks you:"),
    `  ${printable(plainEnglishProblem)}`,
    ...attemptsSummary.map((attempt) => `  - ${printable(attempt)}`),
    `  ${printable(recommendedAction)}`,
    "",
    ...options.map(({ value, label, description }) =>
      `  ${styleText("cyan", value.padEnd(width))}  ${printable(label)}. ${printable(description)}`.trimEnd(),
    ),
    "",
    "Answer it in a browser:",
    `  ${graphiql}`,
    "or in another terminal:",
    `  curl -s ${url} -H 'content-type: application/json' -d '${body}'`,
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
      console.log(result.message);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    terminal.close();
  }
}
