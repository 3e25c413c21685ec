import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { operations } from '../contract';
import { overrideGates } from '../contract/shapes';
import { openApiDocument } from './document';

const FILE = path.resolve(__dirname, '../../../../docs/openapi.json');
const UPDATE =
  'UPDATE_OPENAPI=1 yarn workspace @slipway/plugin-model-delivery-common test --watchAll=false openapi && yarn prettier --write docs/openapi.json';

describe('the OpenAPI document', () => {
  const document = openApiDocument() as {
    openapi: string;
    paths: Record<string, Record<string, { operationId: string }>>;
  };

  it(`is the one that is committed (to renew it: ${UPDATE})`, () => {
    const text = `${JSON.stringify(document, null, 2)}\n`;
    if (process.env.UPDATE_OPENAPI) fs.writeFileSync(FILE, text);
    expect(JSON.parse(fs.readFileSync(FILE, 'utf8'))).toEqual(JSON.parse(text));
  });

  it('describes every operation of the contract once', () => {
    const ids = Object.values(document.paths).flatMap(methods =>
      Object.values(methods).map(method => method.operationId),
    );
    expect(ids.sort()).toEqual(Object.keys(operations).sort());
    expect(document.openapi).toMatch(/^3\.1/);
  });

  it('asks for the reason of an override as the code does, which counts no blanks around it', () => {
    const { reason } = overrideGates.shape;
    const { pattern } = z.toJSONSchema(reason, { io: 'input' }).allOf!.at(-1)!;
    for (const text of [
      'Go',
      `Go${' '.repeat(30)}`,
      `${' '.repeat(30)}Go on${' '.repeat(30)}`,
      'Predictions fail now',
      '  Predictions fail now  ',
    ]) {
      expect([text, new RegExp(pattern!).test(text)]).toEqual([
        text,
        reason.safeParse(text).success,
      ]);
    }
  });
});
