import type { JsonValue } from "../event/event.ts";
import { isItem } from "./item-similarity.ts";
import { type Block, line, type Rich, strong } from "./outline-block.ts";
import { inWords, plainText } from "./plain-text.ts";
import type { SectionShape, ValueKind } from "./section-shape.ts";

type Item = { readonly [key: string]: JsonValue };
interface Field {
  readonly key: string;
  readonly kind: ValueKind;
  readonly value: JsonValue;
}

/** With more fields than this a table's cells would be too narrow to read. */
const MAX_COLUMNS = 3;

/** What stands in a section, for people to read: prose, numbered steps, a table, or an item after the other. */
export function readableBlocks(shape: SectionShape, value: JsonValue): Block[] {
  if (!isItemList(value)) return plainBlocks(shape.kind, value);
  const { fields, labelField } = shape;
  const flat = value.every((item) => fieldsOf(shape, item).every(({ value }) => !isNested(value)));
  if (flat && labelField !== null && fields[0]?.kind === "NUMBER") return steps(shape, value);
  const columns = columnsOf(shape, value);
  if (flat && columns.length <= MAX_COLUMNS) {
    const cell = (item: Item, key: string) => shown(kindOf(shape, key), item[key]);
    return [table(columns.map(inWords), value, columns, cell)];
  }
  return value.flatMap((item, index) => readableItem(shape, item, index));
}

/** What stands in a section, for engineers and agents: under the names that the content has. */
export function technicalBlocks(shape: SectionShape, value: JsonValue): Block[] {
  if (!isItemList(value)) return plainBlocks("OTHER", value);
  const columns = columnsOf(shape, value);
  if (value.every((item) => Object.values(item).every((field) => !isNested(field)))) {
    return [table(columns, value, columns, (item, key) => shown("OTHER", item[key]))];
  }
  return value.flatMap((item, index) => technicalItem(shape, item, index));
}

function plainBlocks(kind: ValueKind, value: JsonValue): Block[] {
  if (Array.isArray(value)) {
    return [{ kind: "LIST", ordered: false, items: value.map((item) => [line(shown(kind, item))]) }];
  }
  const paragraphs = shown(kind, value).split(/\n\s*\n/);
  return paragraphs.map((text) => ({ kind: "PARAGRAPH", text: [line(text)] }));
}

/** The items' first field is their number; where the numbers have gaps, each is shown with its own. */
function steps(shape: SectionShape, items: readonly Item[]): Block[] {
  const number = shape.fields[0]?.key ?? "";
  const ordered = items.every((item, index) => item[number] === index + 1);
  const texts = items.map((item): Rich => {
    const label = labelOf(shape, item) ?? "";
    const rest = fieldsOf(shape, item).filter(({ key }) => key !== number && key !== shape.labelField);
    const name = ordered ? label : `${shown("NUMBER", item[number])}. ${label}`;
    return [strong(name), ...rest.flatMap((field) => [line("\n"), line(shown(field.kind, field.value))])];
  });
  return [{ kind: "LIST", ordered, items: texts }];
}

function readableItem(shape: SectionShape, item: Item, index: number): Block[] {
  const rest = fieldsOf(shape, item).filter(({ key }) => key !== shape.labelField);
  const facts = rest.filter(({ kind }) => kind === "NUMBER" || kind === "CHOICE");
  const texts = rest.filter((field) => !facts.includes(field));
  const factLine = facts.flatMap(
    ({ key, kind, value }, place): Rich => [
      ...(place > 0 ? [line(" · ")] : []),
      strong(`${inWords(key)}:`),
      line(` ${shown(kind, value)}`),
    ],
  );
  return [
    { kind: "SUBHEADING", text: labelOf(shape, item) ?? String(index + 1) },
    ...(factLine.length > 0 ? [{ kind: "PARAGRAPH", text: factLine } as const] : []),
    ...texts.flatMap((field, place) => readableField(field, place === 0)),
  ];
}

/** The first text tells what the item is, and needs no name. */
function readableField({ key, kind, value }: Field, first: boolean): Block[] {
  const name = strong(`${inWords(key)}:`);
  if (Array.isArray(value)) return [{ kind: "PARAGRAPH", text: [name] }, ...plainBlocks(kind, value)];
  const text = line(shown(kind, value));
  return [{ kind: "PARAGRAPH", text: first ? [text] : [name, line(" "), text] }];
}

function technicalItem(shape: SectionShape, item: Item, index: number): Block[] {
  const fields = fieldsOf(shape, item);
  const rows = fields
    .filter(({ value }) => !isNested(value))
    .map(({ key, value }): Rich[] => [[{ text: key, style: "CODE" }], [line(shown("OTHER", value))]]);
  return [
    { kind: "SUBHEADING", text: labelOf(shape, item) ?? String(index + 1) },
    { kind: "TABLE", columns: ["Field", "Value"], rows },
    ...fields
      .filter(({ value }) => isNested(value))
      .flatMap(({ key, value }): Block[] => [
        { kind: "PARAGRAPH", text: [{ text: key, style: "CODE" }] },
        ...plainBlocks("OTHER", value),
      ]),
  ];
}

function table(
  titles: readonly string[],
  items: readonly Item[],
  keys: readonly string[],
  cell: (item: Item, key: string) => string,
): Block {
  return {
    kind: "TABLE",
    columns: titles,
    rows: items.map((item) => keys.map((key) => [line(cell(item, key))])),
  };
}

/** The fields that an item has, those of the schema first: content of an older shape may have others. */
function fieldsOf(shape: SectionShape, item: Item): Field[] {
  return columnsOf(shape, [item]).flatMap((key) => {
    const value = Object.hasOwn(item, key) ? item[key] : undefined;
    return value === undefined || value === null ? [] : [{ key, kind: kindOf(shape, key), value }];
  });
}

function columnsOf({ fields }: SectionShape, items: readonly Item[]): string[] {
  return [...new Set([...fields.map(({ key }) => key), ...items.flatMap((item) => Object.keys(item))])];
}

function kindOf({ fields }: SectionShape, key: string): ValueKind {
  return fields.find((field) => field.key === key)?.kind ?? "OTHER";
}

function labelOf({ labelField }: SectionShape, item: Item): string | undefined {
  const label = labelField === null ? undefined : item[labelField];
  return typeof label === "string" ? plainText(label) : undefined;
}

function isItemList(value: JsonValue): value is readonly Item[] {
  return Array.isArray(value) && value.length > 0 && value.every(isItem);
}

function isNested(value: JsonValue): boolean {
  return typeof value === "object" && value !== null;
}

function shown(kind: ValueKind, value: JsonValue | undefined): string {
  if (value === undefined || value === null) return "";
  if (typeof value !== "string") return plainText(JSON.stringify(value));
  return kind === "CHOICE" ? inWords(plainText(value)) : plainText(value);
}
