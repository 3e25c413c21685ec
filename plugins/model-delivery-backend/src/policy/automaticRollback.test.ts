import type { Monitor } from '@slipway/plugin-model-delivery-common/schema';
import { gateInput } from './__testUtils__/gateInput';
import { breakInBakeTime, type LiveNow } from './automaticRollback';

const { environment } = gateInput({
  environment: { automaticRollback: { bakeTime: '10m' } },
});
const live: LiveNow = {
  version: '0.2.0',
  from: '2026-01-01T00:00:00.000Z',
  action: 'deploy',
};
const monitor = (overrides: Partial<Monitor> = {}): Monitor => ({
  name: 'errors',
  signal: 'errors',
  environment: 'production',
  provider: 'local',
  unit: null,
  state: 'critical',
  reason: '',
  since: '2026-01-01T00:05:00.000Z',
  reading: null,
  warning: null,
  critical: null,
  ...overrides,
});
const found = (overrides: Partial<Monitor>, now = live, of = environment) =>
  breakInBakeTime(of, now, [monitor(overrides)])?.name;
const reading = (version: string | null): Monitor['reading'] => ({
  at: '2026-01-01T00:05:00.000Z',
  value: 1,
  insufficient: false,
  reason: null,
  parts: [],
  version,
  unavailable: false,
  alerts: [],
  alertsUnknown: null,
});

describe('a monitor that breaks in the bake time', () => {
  it.each([
    ['is critical', {}],
    ['is unavailable', { state: 'unavailable' as const }],
    ['broke at once', { since: '2026-01-01T00:00:00.000Z' }],
    ['broke at the last moment', { since: '2026-01-01T00:10:00.000Z' }],
    ['is of this version', { reading: reading('0.2.0') }],
    ['names no version', { reading: reading(null) }],
  ])('is one that %s', (_, overrides) => {
    expect(found(overrides)).toBe('errors');
  });

  it.each([
    ['warns only', { state: 'warning' as const }],
    ['watches another environment', { environment: 'staging' }],
    ['broke before', { since: '2025-12-31T23:59:59.999Z' }],
    ['broke later', { since: '2026-01-01T00:10:00.001Z' }],
    ['broke nobody knows when', { since: null }],
    ['is of another version', { reading: reading('0.1.0') }],
  ])('is none that %s', (_, overrides) => {
    expect(found(overrides)).toBeUndefined();
  });

  it('never undoes a roll back, and nothing where no bake time is declared', () => {
    expect(found({}, { ...live, action: 'rollback' })).toBeUndefined();
    expect(found({}, live, gateInput({}).environment)).toBeUndefined();
  });
});
