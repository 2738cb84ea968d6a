import { expect, test } from "vitest";
import { runDiagram } from "../../../src/domain/run/diagram.ts";

test("a run is drawn with its states' colours and arrows to what waits", () => {
  const drawn = runDiagram([
    { key: "schema", title: "The schema", status: "DONE", dependsOn: [] },
    { key: "api", title: "api", status: "STATIC_CHECK", dependsOn: ["schema"] },
    { key: "web", title: "web", status: "PENDING", dependsOn: ["schema", "api"] },
  ]);
  expect(drawn.split("\n")).toEqual([
    "flowchart LR",
    '  w0["The schema<br/>Done"]:::DONE',
    '  w1["api<br/>Static check"]:::STATIC_CHECK',
    '  w2["web<br/>Pending"]:::PENDING',
    "  w0 --> w1",
    "  w0 --> w2",
    "  w1 --> w2",
    "  classDef PENDING fill:#f1f5f9,stroke:#64748b,color:#0f172a",
    "  classDef STATIC_CHECK fill:#fef3c7,stroke:#b45309,color:#0f172a",
    "  classDef DONE fill:#dcfce7,stroke:#15803d,color:#0f172a",
  ]);
});

test("a title cannot leave its label", () => {
  const [, label] = runDiagram([
    { key: "x", title: '"]; click w0 "javascript:x" <b>é🌱</b>\n`', status: "READY", dependsOn: [] },
  ]).split("\n");
  expect(label).toBe(
    '  w0["#34;#93;#59; click w0 #34;javascript#58;x#34; #60;b#62;é#127793;#60;/b#62;#10;#96;<br/>Ready"]:::READY',
  );
});

test("an empty run is an empty flowchart", () => {
  expect(runDiagram([])).toBe("flowchart LR");
});
