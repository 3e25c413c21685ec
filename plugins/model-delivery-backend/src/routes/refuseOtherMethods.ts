import {
  type Operation,
  operations,
} from '@slipway/plugin-model-delivery-common/contract';
import type { Router } from 'express';

/** Answers 405 to a method that a path does not have, such as TRACE. Mounted after the operations. */
export function refuseOtherMethods(router: Router): void {
  const methods = new Map<string, Set<string>>();
  for (const { path, method } of Object.values(operations) as Operation[]) {
    const known = methods.get(path) ?? new Set(['OPTIONS']);
    known.add(method.toLocaleUpperCase('en-US'));
    if (method === 'get') known.add('HEAD');
    methods.set(path, known);
  }
  for (const [path, known] of methods) {
    const allow = [...known].sort().join(', ');
    router.all(path, (req, res) => {
      res.setHeader('allow', allow);
      if (req.method === 'OPTIONS') {
        res.status(204).end();
        return;
      }
      res.status(405).json({
        error: {
          name: 'MethodNotAllowed',
          message: `${req.method} is not allowed here; use ${allow}`,
        },
        response: { statusCode: 405 },
      });
    });
  }
}
