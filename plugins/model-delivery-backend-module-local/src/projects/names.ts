import { PROJECT_NAME } from '@slipway/plugin-model-delivery-common';

/**
 * Why a project cannot have this name; null where it can.
 *
 * @param reservedPackages - names that a Python package must not have.
 */
export function illegalName(
  name: string,
  reservedPackages: ReadonlySet<string>,
): string | null {
  const { pattern, minLength, maxLength, hint } = PROJECT_NAME;
  if (
    !new RegExp(pattern).test(name) ||
    name.length < minLength ||
    name.length > maxLength
  ) {
    return `${JSON.stringify(name.slice(0, 80))} cannot be the name of a project. ${hint}`;
  }
  const packageName = name.replaceAll('-', '_');
  if (reservedPackages.has(packageName)) {
    return `${packageName} is a word or a module of Python itself. Choose another name.`;
  }
  return null;
}
