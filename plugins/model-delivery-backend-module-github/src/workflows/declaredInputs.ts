import { parse } from 'yaml';
import { z } from 'zod';

const MAX_CHARS = 500_000;

const dispatch = z
  .object({ inputs: z.record(z.string(), z.unknown()).nullish() })
  .nullish();
const workflow = z.object({
  on: z.union([
    z.string(),
    z.array(z.string()),
    z.object({ workflow_dispatch: dispatch }).loose(),
  ]),
});

/**
 * The inputs that a workflow takes when it is started by hand, as its file declares them.
 *
 * @returns undefined where the file does not say: GitHub knows better then.
 */
export function declaredInputs(yaml: string): string[] | undefined {
  if (yaml.length > MAX_CHARS) return undefined;
  let value: unknown;
  try {
    // YAML 1.2: here `on` is a word and not a truth.
    value = parse(yaml, { maxAliasCount: 100 });
  } catch {
    return undefined;
  }
  const parsed = workflow.safeParse(value);
  if (!parsed.success) return undefined;
  const { on } = parsed.data;
  if (typeof on === 'string' || Array.isArray(on)) return [];
  return Object.keys(on.workflow_dispatch?.inputs ?? {});
}
