import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

interface Locked {
  readonly version?: string;
  readonly license?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
}

const at = (path: string) => new URL(`../../${path}`, import.meta.url);
const { packages } = JSON.parse(readFileSync(at("package-lock.json"), "utf8")) as {
  packages: Record<string, Locked>;
};
const manifest = JSON.parse(readFileSync(at("package.json"), "utf8"));
const installed = Object.entries(packages).filter(([path]) => path !== "");

const nameOf = (path: string) => path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);

describe("package-lock.json", () => {
  test("names no host: where npm fetches from is the machine's own business", () => {
    expect(installed.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
    // Nor does a dependency name one instead of a version.
    const ranges = Object.values(packages).flatMap((locked) =>
      [locked.dependencies, locked.optionalDependencies, locked.devDependencies].flatMap((asked) =>
        Object.entries(asked ?? {}),
      ),
    );
    expect(ranges.length).toBeGreaterThan(installed.length);
    expect(ranges.filter(([, range]) => /[:/@]/.test(range) && !range.startsWith("npm:"))).toEqual([]);
  });

  test("holds the hash of everything that it installs", () => {
    expect(installed.length).toBeGreaterThan(100);
    expect(
      installed.filter(([, { integrity }]) => !/^sha512-/.test(integrity ?? "")).map(([path]) => path),
    ).toEqual([]);
  });

  test("is what package.json asks for, in exact versions", () => {
    const asked = { ...manifest.dependencies, ...manifest.devDependencies } as Record<string, string>;
    for (const [name, version] of Object.entries(asked)) {
      expect(version, name).toMatch(/^\d+\.\d+\.\d+(-[\w.-]+)?$/);
      expect(packages[`node_modules/${name}`]?.version, name).toBe(version);
    }
  });
});

/** Every package of the lock that has a script for its installation: whether it runs, and why. */
const INSTALL_SCRIPTS: Readonly<Record<string, readonly [runs: boolean, reason: string]>> = {
  node: [true, "Puts the pinned Node where npm's scripts find it."],
  prisma: [false, "Only checks the version of Node, which `engines` does."],
  "@prisma/engines": [false, "Downloads binaries that nothing here uses: the schema engine is WebAssembly."],
};

describe("scripts of packages", () => {
  test("each that has one is listed with a reason, and package.json says the same", () => {
    const scripted = installed
      .filter(([, { hasInstallScript }]) => hasInstallScript)
      .map(([path]) => nameOf(path));
    expect([...new Set(scripted)].sort()).toEqual(Object.keys(INSTALL_SCRIPTS).sort());
    expect(manifest.allowScripts).toEqual(
      Object.fromEntries(Object.entries(INSTALL_SCRIPTS).map(([name, [runs]]) => [name, runs])),
    );
  });
});

/** Permissive, or, as MPL-2.0, asking something only of whoever changes that package's own files. */
const LICENCES: ReadonlySet<string> = new Set([
  "0BSD",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "ISC",
  "MIT",
  "MPL-2.0",
  "PSF-2.0",
  "Python-2.0",
  "Unlicense",
  "Zlib",
]);

/** Packages that the list does not cover, with what their licence is and why they may stay. */
const EXCEPTIONS: Readonly<Record<string, readonly [declared: string, reason: string]>> = {
  "caniuse-lite": ["CC-BY-4.0", "Data about browsers, for development only, and not passed on."],
  "dejavu-fonts-ttf": [
    "SEE LICENSE IN README.md AND LICENSE",
    "Bitstream Vera's licence: the fonts may be embedded and passed on, not sold by themselves.",
  ],
  elkjs: [
    "EPL-2.0",
    "Part of Prisma Studio, which Prisma's command line brings and nothing here loads; unchanged.",
  ],
  "png-js": ["none declared", "Its LICENSE file is the MIT licence."],
  "seq-queue": ["none declared", "Its LICENSE file is the MIT licence."],
};

describe("licences", () => {
  const declared = installed.map(
    ([path, { license }]) => [nameOf(path), license ?? "none declared"] as const,
  );

  test("each is one of the list, or an exception by name", () => {
    const others = declared
      .filter(([, licence]) => !isAllowed(licence))
      .map(([name, licence]) => [name, licence, EXCEPTIONS[name]?.[0]] as const);
    expect(others.filter(([, licence, excepted]) => licence !== excepted)).toEqual([]);
    expect(new Set(others.map(([name]) => name))).toEqual(new Set(Object.keys(EXCEPTIONS)));
  });

  test.each(["png-js", "seq-queue"])("%s, which declares none, comes with the MIT licence", (name) => {
    expect(readFileSync(at(`node_modules/${name}/LICENSE`), "utf8")).toMatch(
      /Permission is hereby granted, free of charge/,
    );
  });

  test("what is installed declares what the lock says", () => {
    const here = installed.filter(([path]) => existsSync(at(`${path}/package.json`)));
    expect(here.length).toBeGreaterThan(100);
    for (const [path, { license, version }] of here) {
      const own = JSON.parse(readFileSync(at(`${path}/package.json`), "utf8"));
      expect([path, own.version]).toEqual([path, version]);
      if (typeof own.license === "string") expect([path, own.license]).toEqual([path, license]);
    }
  });

  test.each([
    ["MIT", true],
    ["(MIT OR GPL-3.0)", true],
    ["(MIT AND GPL-3.0)", false],
    ["(MIT AND (GPL-3.0 OR ISC))", true],
    ["MIT and ISC", true],
    ["GPL-3.0", false],
    ["none declared", false],
    ["MIT GPL-3.0", false],
  ])("%s is allowed: %s", (expression, allowed) => {
    expect(isAllowed(expression)).toBe(allowed);
  });
});

/** Whether an SPDX expression can be satisfied with licences of the list. AND binds before OR. */
function isAllowed(expression: string): boolean {
  const tokens = expression.match(/\(|\)|[^\s()]+/g) ?? [];
  let place = 0;
  const is = (word: string) => tokens[place]?.toUpperCase() === word;
  function any(): boolean {
    let holds = both();
    while (is("OR")) {
      place += 1;
      holds = both() || holds;
    }
    return holds;
  }
  function both(): boolean {
    let holds = one();
    while (is("AND")) {
      place += 1;
      holds = one() && holds;
    }
    return holds;
  }
  function one(): boolean {
    if (!is("(")) return LICENCES.has(tokens[place++] ?? "");
    place += 1;
    const holds = any();
    place += 1;
    return holds;
  }
  const holds = any();
  return holds && place === tokens.length;
}
