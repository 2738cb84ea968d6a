/**
 * The names that GitHub gives to headings, for links within a page: lower case, without punctuation, hyphens for spaces,
 * and a number where the name is taken. Every heading of the page must pass through here in its order.
 */
export function headingSlugs(): (heading: string) => string {
  const taken = new Map<string, number>();
  return (heading) => {
    const name = heading
      .toLowerCase()
      .replace(/[^\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\- ]/gu, "")
      .replace(/ /g, "-");
    let slug = name;
    while (taken.has(slug)) {
      const next = (taken.get(name) ?? 0) + 1;
      taken.set(name, next);
      slug = `${name}-${next}`;
    }
    taken.set(slug, 0);
    return slug;
  };
}
