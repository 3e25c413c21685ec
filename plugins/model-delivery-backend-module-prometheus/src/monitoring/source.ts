import {
  type MonitorTarget,
  ProviderError,
} from '@slipway/plugin-model-delivery-node';
import { parseTarget } from '@slipway/plugin-model-delivery-node/http';
import { z } from 'zod';
import type { AlertRule } from '../alerts/AlertRule';
import { type Values, bindQuery, fillIn } from '../promql/bind';
import { selectorOf } from '../promql/literals';
import { PromqlError } from '../promql/pieces';
import { upOfQuery, upSelector } from '../promql/selectors';
import type { Template } from '../templates/Template';

const labelName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'the name of a label');
const value = z.union([z.string().max(500), z.number(), z.boolean()]);

const source = z
  .strictObject({
    provider: z.string(),
    query: z.string().min(1).max(20_000).optional(),
    template: z.string().min(1).max(63).optional(),
    with: z
      .record(labelName, value)
      .default({})
      .refine(all => Object.keys(all).length <= 50, 'at most 50 values'),
    up: z.string().min(1).max(2_000).optional(),
    parts: labelName.optional(),
    alerts: z
      .record(labelName, value)
      .refine(all => {
        const count = Object.keys(all).length;
        return count > 0 && count <= 20;
      }, '1 to 20 labels')
      .optional(),
  })
  .refine(
    ({ query, template }) => query === undefined || template === undefined,
    'has both query and template; one of them is due',
  )
  .refine(
    ({ query, template, alerts }) =>
      query !== undefined || template !== undefined || alerts !== undefined,
    'has none of query, template and alerts; one of them is due',
  );

/** What a monitor asks Prometheus, with every placeholder filled in. */
export interface Watch {
  /** Null where it only watches alerts. */
  query: string | null;
  /** Selector of `up`, or of what says the same, for the targets behind the query. */
  up: string;
  parts: string | null;
  alerts: AlertRule;
}

/**
 * Works out what an entity's monitor means.
 *
 * @throws ProviderError `bad-data` that names what does not hold.
 */
export function watchOf(
  target: MonitorTarget,
  templates: Readonly<Record<string, Template>>,
): Watch {
  const { monitor, namespace, name, entityRef } = target;
  const said = parseTarget(source, monitor.source);
  const template = templateOf(said.template, templates);
  const { environment } = monitor;
  const labels = { model: name, namespace, environment };
  const values: Values = { ...labels, entityRef, ...texts(said.with) };
  const filled = <T>(field: string, fill: () => T): T => {
    try {
      return fill();
    } catch (error) {
      if (!(error instanceof PromqlError)) throw error;
      throw new ProviderError(
        'bad-data',
        `${said.template ? `The template ${said.template}` : 'The entity'}: ${field} ${error.message}.`,
      );
    }
  };
  const asked = said.query ?? template?.query;
  const query =
    asked === undefined
      ? null
      : filled('query', () => bindQuery(asked, values));
  const askedUp = said.up ?? template?.up;
  const alerts = said.alerts;
  return {
    query,
    up: filled('up', () =>
      askedUp === undefined
        ? ((query && upOfQuery(query)) ?? `up${selectorOf(labels)}`)
        : upSelector(bindQuery(askedUp, values)),
    ),
    parts: said.parts ?? template?.parts ?? null,
    alerts: alerts
      ? {
          by: 'labels',
          labels: filled('alerts', () =>
            Object.fromEntries(
              Object.entries(texts(alerts)).map(([label, text]) => [
                label,
                fillIn(text, values),
              ]),
            ),
          ),
        }
      : { by: 'names', ...labels, monitor: monitor.name },
  };
}

function templateOf(
  name: string | undefined,
  templates: Readonly<Record<string, Template>>,
): Template | undefined {
  if (name === undefined) return undefined;
  if (Object.hasOwn(templates, name)) return templates[name];
  throw new ProviderError(
    'bad-data',
    `There is no template ${JSON.stringify(name)}; there are ${Object.keys(templates).sort().join(', ')}.`,
  );
}

function texts(
  values: Record<string, string | number | boolean>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, text]) => [name, String(text)]),
  );
}
