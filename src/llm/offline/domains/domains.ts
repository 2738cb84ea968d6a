import { analytics } from "./analytics.ts";
import { booking } from "./booking.ts";
import { community } from "./community.ts";
import { content } from "./content.ts";
import { developerTools } from "./developer-tools.ts";
import type { Domain } from "./domain.ts";
import { education } from "./education.ts";
import { finance } from "./finance.ts";
import { food } from "./food.ts";
import { general } from "./general.ts";
import { health } from "./health.ts";
import { hiring } from "./hiring.ts";
import { inventory } from "./inventory.ts";
import { logistics } from "./logistics.ts";
import { marketplace } from "./marketplace.ts";
import { productivity } from "./productivity.ts";
import { shifts } from "./shifts.ts";

/** The kinds of products that we know something of; where two fit a project equally well, the earlier one is taken. */
export const DOMAINS: readonly Domain[] = [
  inventory,
  shifts,
  booking,
  health,
  education,
  hiring,
  finance,
  marketplace,
  logistics,
  food,
  developerTools,
  community,
  analytics,
  content,
  productivity,
];

const NAME_WEIGHT = 2;
const STRONG_WEIGHT = 3;

/** The kind of product that a project speaks of most; `general` when it speaks of none. */
export function domainOf(name: string, description: string): Domain {
  const scores = DOMAINS.map((domain) => NAME_WEIGHT * scoreOf(domain, name) + scoreOf(domain, description));
  const best = Math.max(...scores);
  return (best > 0 ? DOMAINS[scores.indexOf(best)] : undefined) ?? general;
}

function scoreOf({ strong, weak }: Domain, text: string): number {
  return STRONG_WEIGHT * wordsThat(strong, text) + wordsThat(weak, text);
}

/** How many different words of a text match: a word that is said ten times says it once. */
function wordsThat(pattern: RegExp, text: string): number {
  const found = text.toLowerCase().matchAll(new RegExp(pattern, "gu"));
  return new Set([...found].map(([word]) => word)).size;
}
