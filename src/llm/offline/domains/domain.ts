/** A feature that products of a kind usually have. */
export interface DomainFeature {
  readonly name: string;
  /** The words by which a project that wants it speaks of it. */
  readonly match: RegExp;
  /** What it does, as a sentence; left out where the project says it in its own words. */
  readonly does: string;
  /** What is good about it, as a sentence. */
  readonly benefit: string;
}

export interface DomainRisk {
  readonly title: string;
  /** What could go wrong, as a sentence or two. */
  readonly what: string;
  readonly severity: "HIGH" | "MEDIUM" | "LOW";
  readonly mitigation: string;
}

export interface Integration {
  /** What we build on: "a barcode database". */
  readonly on: string;
  readonly gives: string;
  /** What we do when it is not there. */
  readonly without: string;
}

/**
 * What is usual in a kind of product: what the documents say where the project itself does not. In the texts {users}
 * is the project's users and {product} its name, {Users} and {Product} the same at the beginning of a sentence.
 */
export interface Domain {
  readonly key: string;
  /** The words that speak for this kind, and how much: those of `strong` count three times. */
  readonly strong: RegExp;
  readonly weak: RegExp;
  /** Who they are where the project does not say: a plural. */
  readonly users: string;
  /** The users of whom the texts on their day, their pain and the market are true; of others we do not know as much. */
  readonly fits: RegExp;
  /** What their day looks like. */
  readonly day: string;
  /** What hurts, and what it costs them. */
  readonly pain: string;
  readonly cost: string;
  /** What they have today, as nouns. */
  readonly today: readonly [string, string];
  /** What we promise, after "We". */
  readonly promise: string;
  /** Why they want it, after "so that". */
  readonly outcome: string;
  /** What shapes all decisions, as a sentence. */
  readonly constraint: string;
  readonly edges: readonly [string, string, string];
  readonly market: string;
  /** Who is there already, and what keeps them from copying us. */
  readonly rivals: string;
  readonly features: readonly [DomainFeature, DomainFeature, DomainFeature, DomainFeature, DomainFeature];
  /** What can wait, and why. */
  readonly later: readonly [string, string, string, string];
  readonly metrics: readonly [string, string, string];
  /** The parts we build it from, and why these. */
  readonly parts: string;
  /** Where data comes from, and who sees it. */
  readonly data: string;
  readonly integrations: readonly [Integration, Integration];
  /** The rules that we are held to. */
  readonly rules: string;
  /** What breaks first when more people come. */
  readonly scale: string;
  readonly risks: {
    readonly technical: readonly [DomainRisk, DomainRisk];
    readonly market: DomainRisk;
    readonly execution: DomainRisk;
    readonly financial: DomainRisk;
    readonly strategic: DomainRisk;
  };
  /** How many users the pilot has, in words. */
  readonly pilot: string;
  /** How long a feature takes us, in weeks. */
  readonly weeksPerFeature: number;
}
