import { z } from 'zod';

/** Fields of GitLab's answers. */

export const text = (max: number) =>
  z.string().transform(value => value.slice(0, max));
export const optionalText = (max: number) =>
  text(max)
    .nullish()
    .transform(value => value ?? null);
export const time = z
  .string()
  .nullish()
  .transform(value => {
    const at = value ? Date.parse(value) : NaN;
    return at > 0 ? new Date(at).toISOString() : null;
  });
export const requiredTime = z.string().transform((value, context) => {
  const at = Date.parse(value);
  if (Number.isNaN(at)) {
    context.addIssue({ code: 'custom', message: 'a time' });
    return z.NEVER;
  }
  return new Date(at).toISOString();
});
export const id = z.int().positive();
