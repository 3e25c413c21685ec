import { AxeBuilder } from '@axe-core/playwright';
import { expect } from '@playwright/test';

/** Fails on what axe calls serious or critical in the part of the page that is ours. */
export async function expectAccessible(page, scope) {
  const { violations } = await new AxeBuilder({ page })
    .include(scope)
    .analyze();
  const bad = violations
    .filter(v => v.impact === 'serious' || v.impact === 'critical')
    .map(v => `${v.id}: ${v.nodes.map(n => n.target.join(' ')).join(', ')}`);
  expect(bad).toEqual([]);
}
