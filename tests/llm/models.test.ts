import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { loadConfig } from "../../src/config.ts";
import { createRunner } from "../../src/llm/models.ts";
import { streamed } from "./support/openai-server.ts";
import { callOptions } from "./support/runner.ts";
import { startStandIn } from "./support/stand-in.ts";

const MODELS = new URL("../../src/llm/models.ts", import.meta.url).href;
const CONFIG = new URL("../../src/config.ts", import.meta.url).href;

describe("the runner that the configuration asks for", () => {
  test("runs the models that it names", async () => {
    const server = await startStandIn(streamed(["Because."]));
    const { llm } = loadConfig({
      OPENAI_COMPATIBLE_BASE_URL: `${server.url}/v1`,
      LLM_MODELS: "local=compatible:llama3.1,claude=anthropic:claude-sonnet-4-5",
      ANTHROPIC_API_KEY: "sk-a",
    });
    const runner = await createRunner(llm);
    expect(runner.models).toEqual(["local", "claude"]);
    const reply = await runner.reply(
      {
        model: "local",
        system: "You answer.",
        messages: [{ role: "user", content: "Why?" }],
        maxOutputTokens: 100,
      },
      callOptions().options,
    );
    expect(reply.text).toBe("Because.");
    expect(server.requests[0]?.headers.authorization).toBeUndefined();
  });

  test("is the offline one without any model", async () => {
    const runner = await createRunner(loadConfig({}).llm);
    expect(runner.models.length).toBeGreaterThan(0);
  });

  test.each([
    [{}, false],
    [{ ANTHROPIC_API_KEY: "sk-a" }, true],
  ])("loads the AI SDK only where there are models (%o)", async (env, isLoaded) => {
    const script = `
      import { registerHooks } from "node:module";
      let isLoaded = false;
      registerHooks({
        resolve(specifier, context, next) {
          if (specifier === "ai" || specifier.startsWith("@ai-sdk/")) isLoaded = true;
          return next(specifier, context);
        },
      });
      const { createRunner } = await import(${JSON.stringify(MODELS)});
      const { loadConfig } = await import(${JSON.stringify(CONFIG)});
      await createRunner(loadConfig(${JSON.stringify(env)}).llm);
      console.log(isLoaded);`;
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script]);
    expect(stdout.trim()).toBe(String(isLoaded));
  });
});
