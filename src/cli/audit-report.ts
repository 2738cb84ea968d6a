/** What `npm audit --json` came to. */
export type AuditOutcome =
  | { readonly kind: "clean" }
  | { readonly kind: "vulnerable"; readonly packages: readonly string[] }
  | { readonly kind: "unanswered"; readonly reason: string };

interface Vulnerability {
  readonly name: string;
  readonly severity: string;
  readonly range: string;
}

const SEVERE: ReadonlySet<string> = new Set(["high", "critical"]);

/** Reads what npm printed: an answer without a count of vulnerabilities is the registry's refusal, or none at all. */
export function readAudit(printed: string): AuditOutcome {
  const report = parse(printed);
  if (!report || !("metadata" in report)) {
    const message = report && "message" in report ? String(report.message) : printed.trim().slice(0, 500);
    return { kind: "unanswered", reason: message || "npm printed nothing" };
  }
  const { vulnerabilities = {} } = report as { vulnerabilities?: Record<string, Vulnerability> };
  const severe = Object.values(vulnerabilities).filter(({ severity }) => SEVERE.has(severity));
  if (severe.length === 0) return { kind: "clean" };
  return {
    kind: "vulnerable",
    packages: severe.map(({ name, range, severity }) => `${name} ${range} (${severity})`),
  };
}

function parse(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}
