/** The values of an enum, each with what it means, from a table of the domain. */
export function described<Name extends string>(
  meanings: Readonly<Record<Name, string>>,
): Record<Name, { description: string }> {
  return Object.fromEntries(
    Object.entries<string>(meanings).map(([name, description]) => [name, { description }]),
  ) as Record<Name, { description: string }>;
}
