/** One rule of `modelDelivery.targets`: what the models of an owner may deploy to. */
export interface TargetRule {
  /** Full, lower-case entity ref. */
  owner: string;
  /** Host, owner and name, such as `github.com/acme/penguins`; `*` stands for any characters. */
  repositories?: string[];
  namespaces?: string[];
  services?: string[];
}

/** The named parts of a physical target, as its provider tells them. */
export interface TargetNames {
  repository?: string;
  namespace?: string;
  service?: string;
}

const KINDS = [
  ['repository', 'repositories'],
  ['namespace', 'namespaces'],
  ['service', 'services'],
] as const satisfies readonly (readonly [
  keyof TargetNames,
  keyof TargetRule,
])[];

/**
 * Decides whether a model may deploy to a target: a rule grants it to the model's owner, or the
 * target is the repository that the entity itself comes from.
 *
 * @param model - with the repository that its entity comes from, as the catalog tells it, since an
 *   entity's own text must not choose it.
 * @returns null where it may, else a sentence that names the missing rule.
 */
export function targetProblem(
  model: {
    entityRef: string;
    owner: string | null;
    sourceRepository: string | null;
  },
  names: TargetNames,
  rules: readonly TargetRule[],
): string | null {
  const named = KINDS.filter(([kind]) => names[kind] !== undefined);
  if (named.length === 0) return null;
  const isOwn =
    names.repository !== undefined &&
    names.repository.toLocaleLowerCase('en-US') === model.sourceRepository;
  if (named.length === 1 && isOwn) return null;
  const granted = rules.some(
    rule => rule.owner === model.owner && grants(rule, names),
  );
  if (granted) return null;
  const what = named.map(([kind]) => `${kind} ${names[kind]}`).join(', ');
  const rule = named
    .map(([kind, list]) => `${list}: [${names[kind]}]`)
    .join(', ');
  return `${model.entityRef} may not deploy to ${what}. Add a rule to modelDelivery.targets in app-config: { owner: ${
    model.owner ?? '<the owner of the model>'
  }, ${rule} }`;
}

/** Every list that a rule gives must match what the target names, and one must name something. */
function grants(rule: TargetRule, names: TargetNames): boolean {
  const given = KINDS.filter(
    ([kind, list]) => rule[list] !== undefined && names[kind] !== undefined,
  );
  return (
    given.length > 0 &&
    given.every(([kind, list]) =>
      rule[list]!.some(pattern => matches(pattern, names[kind]!)),
    )
  );
}

function matches(pattern: string, name: string): boolean {
  const parts = pattern
    .toLocaleLowerCase('en-US')
    .split('*')
    .map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(
    name.toLocaleLowerCase('en-US'),
  );
}
