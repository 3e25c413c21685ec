const LONGEST = 50;

/**
 * Why a project cannot have this name; null where it can.
 *
 * @param reservedPackages - names that a Python package must not have.
 */
export function illegalName(
  name: string,
  reservedPackages: ReadonlySet<string>,
): string | null {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    return `${JSON.stringify(
      name.slice(0, 80),
    )} cannot be the name of a project: use lower-case letters, digits and single dashes, a letter first.`;
  }
  if (name.length > LONGEST) {
    return `The name has ${name.length} characters; at most ${LONGEST} are allowed.`;
  }
  const packageName = name.replaceAll('-', '_');
  if (reservedPackages.has(packageName)) {
    return `${packageName} is a word or a module of Python's own; choose another name.`;
  }
  return null;
}
