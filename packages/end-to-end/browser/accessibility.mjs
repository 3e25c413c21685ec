import { AxeBuilder } from '@axe-core/playwright';
import { expect } from '@playwright/test';

/**
 * Fails on what axe calls serious or critical, outside of the host's own navigation and of the
 * region in which its component library tells screen readers things in passing.
 */
export async function expectAccessible(page) {
  const { violations } = await new AxeBuilder({ page })
    .exclude('nav')
    .exclude('[data-live-announcer]')
    .analyze();
  const bad = violations
    .filter(v => v.impact === 'serious' || v.impact === 'critical')
    .map(v => `${v.id}: ${v.nodes.map(n => n.target.join(' ')).join(', ')}`);
  expect(bad).toEqual([]);
}
