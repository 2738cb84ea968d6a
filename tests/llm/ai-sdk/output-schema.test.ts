import { describe, expect, test } from "vitest";
import { z } from "zod";
import { outputSchemaOf } from "../../../src/llm/ai-sdk/output-schema.ts";

const closed = { required: expect.any(Array), additionalProperties: false };

describe("a schema for a model", () => {
  test("says limits in words, since providers refuse them as keywords", () => {
    const schema = z.object({
      name: z.string().trim().min(1).max(200).describe("What we call it."),
      code: z
        .string()
        .min(2)
        .regex(/^[a-z]+$/),
      weeks: z.number().int().min(1).max(260),
      any: z.number().int(),
      steps: z.array(z.string()).min(1).max(3).describe("In order."),
      pair: z.array(z.boolean()).min(2),
      mail: z.email(),
    });
    expect(outputSchemaOf(schema)).toEqual({
      strict: true,
      schema: {
        type: "object",
        required: ["name", "code", "weeks", "any", "steps", "pair", "mail"],
        additionalProperties: false,
        properties: {
          name: { type: "string", description: "What we call it. Not empty. At most 200 characters." },
          code: {
            type: "string",
            description: "At least 2 characters. Matches the regular expression ^[a-z]+$.",
          },
          weeks: { type: "integer", description: "At least 1. At most 260." },
          any: { type: "integer" },
          steps: {
            type: "array",
            description: "In order. Not empty. At most 3 items.",
            items: { type: "string" },
          },
          pair: { type: "array", description: "At least 2 items.", items: { type: "boolean" } },
          mail: { type: "string", description: expect.stringContaining("Format: email.") },
        },
      },
    });
  });

  test("holds what it refers to, described as where it stands", () => {
    const level = z.enum(["HIGH", "LOW"]).meta({ id: "Level", description: "A level." });
    const item = z.object({ level: level.describe("How bad.") }).meta({ id: "Item", label: "level" });
    const { schema } = outputSchemaOf(z.object({ items: z.array(item), level }));
    expect(schema).toEqual({
      ...closed,
      type: "object",
      properties: {
        items: {
          type: "array",
          items: {
            ...closed,
            type: "object",
            properties: { level: { type: "string", enum: ["HIGH", "LOW"], description: "How bad." } },
          },
        },
        level: { type: "string", enum: ["HIGH", "LOW"], description: "A level." },
      },
    });
  });

  test("may have alternatives and nothing", () => {
    const schema = z.object({ a: z.string().nullable(), b: z.union([z.literal("x"), z.number()]) });
    expect(outputSchemaOf(schema)).toMatchObject({
      strict: true,
      schema: {
        properties: {
          a: { anyOf: [{ type: "string" }, { type: "null" }] },
          b: { anyOf: [{ type: "string", enum: ["x"] }, { type: "number" }] },
        },
      },
    });
  });

  test.each([
    ["an optional field", z.object({ a: z.string().optional() })],
    ["an open object", z.object({ a: z.record(z.string(), z.string()) })],
    ["either of them further down", z.object({ a: z.array(z.object({ b: z.string().default("x") })) })],
  ])("is not strict with %s", (_name, schema) => {
    expect(outputSchemaOf(schema).strict).toBe(false);
  });

  test("cannot contain itself", () => {
    const tree = z.object({
      get children() {
        return z.array(tree);
      },
    });
    expect(() => outputSchemaOf(tree)).toThrow("contains itself");
    expect(() => outputSchemaOf(z.object({ tree }))).toThrow("contains itself");
  });
});
