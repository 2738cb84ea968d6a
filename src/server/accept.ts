/** What a result can be sent as. */
export const RESULT_TYPES = [
  "application/graphql-response+json",
  "application/json",
  "text/event-stream",
  "multipart/mixed",
] as const;
export type ResultType = (typeof RESULT_TYPES)[number];
/** What a single result is sent as. */
export type JsonType = "application/graphql-response+json" | "application/json";

/** Whether an Accept header allows one of these types, in UTF-8. Without one everything is allowed. */
export function accepts(header: string | null | undefined, types: readonly ResultType[]): boolean {
  return rangesOf(header).some((range) =>
    types.some((type) => range === "*/*" || range === type || range === `${type.split("/")[0]}/*`),
  );
}

/**
 * As what the result of a query or a mutation is sent: what the first range that allows JSON says, and where that allows both
 * kinds, the one that everybody reads. Weights (`q`) do not count. So Yoga has it.
 *
 * @returns undefined where no range allows JSON
 */
export function jsonTypeOf(header: string | undefined): JsonType | undefined {
  for (const range of rangesOf(header)) {
    if (range === "application/graphql-response+json") return range;
    if (["*/*", "application/*", "application/json"].includes(range)) return "application/json";
  }
  return undefined;
}

/** What a header asks for, in its order, as far as that is in UTF-8. */
function rangesOf(header: string | null | undefined): string[] {
  return (header || "*/*")
    .toLowerCase()
    .split(",")
    .flatMap((part) => {
      const [range = "", ...parameters] = part.split(";").map((each) => each.trim());
      const charset = parameters.find((each) => each.startsWith("charset="));
      return charset !== undefined && charset !== "charset=utf-8" ? [] : [range];
    });
}

/** As what a refusal is sent to this client: the newer type where it asks for it, else the one that everybody reads. */
export function refusalType(header: string | undefined): JsonType {
  const asked = header?.toLowerCase() ?? "";
  return asked.includes("application/graphql-response+json") && !asked.includes("application/json")
    ? "application/graphql-response+json"
    : "application/json";
}
