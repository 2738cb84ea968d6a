/** What a result can be sent as. */
export const RESULT_TYPES = [
  "application/graphql-response+json",
  "application/json",
  "text/event-stream",
  "multipart/mixed",
] as const;
export type ResultType = (typeof RESULT_TYPES)[number];

/** Whether an Accept header allows one of these types, in UTF-8. Without one everything is allowed. */
export function accepts(header: string | null | undefined, types: readonly ResultType[]): boolean {
  return (header || "*/*")
    .toLowerCase()
    .split(",")
    .some((part) => {
      const [range = "", ...parameters] = part.split(";").map((each) => each.trim());
      const charset = parameters.find((each) => each.startsWith("charset="));
      if (charset !== undefined && charset !== "charset=utf-8") return false;
      return types.some((type) => range === "*/*" || range === type || range === `${type.split("/")[0]}/*`);
    });
}

/** As what a refusal is sent to this client: the newer type where it asks for it, else the one that everybody reads. */
export function refusalType(
  header: string | undefined,
): "application/graphql-response+json" | "application/json" {
  const asked = header?.toLowerCase() ?? "";
  return asked.includes("application/graphql-response+json") && !asked.includes("application/json")
    ? "application/graphql-response+json"
    : "application/json";
}
