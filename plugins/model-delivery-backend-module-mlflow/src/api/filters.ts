/**
 * Conditions of MLflow's filter language, which knows two kinds of quotes and no escape: a name
 * with both is matched by a pattern, in which `_` stands for any character. What comes back is
 * compared with the name by the caller.
 */
export function nameIs(name: string): string {
  if (!name.includes("'")) return `name = '${name}'`;
  if (!name.includes('"')) return `name = "${name}"`;
  return `name LIKE '${name.replaceAll("'", '_')}'`;
}

/** Models whose name holds the text, in lower or upper case; none where it is empty. */
export function nameHolds(text: string): string | undefined {
  const pattern = text.replaceAll("'", '_');
  return pattern === '' ? undefined : `name ILIKE '%${pattern}%'`;
}

/** Ids are MLflow's own and hold letters, digits and dashes; anything else is left out. */
export function idIn(field: string, ids: readonly string[]): string {
  const safe = ids.filter(id => /^[\w-]+$/.test(id));
  return `${field} IN (${safe.map(id => `'${id}'`).join(',')})`;
}
