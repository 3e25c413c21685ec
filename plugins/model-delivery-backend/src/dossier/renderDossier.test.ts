import type { Dossier } from '@slipway/plugin-model-delivery-common/schema';
import { fakeVersion, unitTests } from '../__testUtils__/fakes';
import { renderDossier } from './renderDossier';

const HOSTILE = `<script>alert(1)</script>"'&`;

const dossier = (more: Partial<Dossier> = {}): Dossier => ({
  generatedAt: '2026-01-01T00:00:00Z',
  model: {
    entityRef: 'mlmodel:default/penguins',
    title: null,
    description: HOSTILE,
    owner: 'group:default/ml-platform',
    system: null,
    type: 'classification',
    framework: null,
    lifecycle: 'production',
    intendedUse: 'Field work',
    riskClass: 'limited',
    trainedOn: [],
    providesApis: [],
  },
  version: fakeVersion(1),
  card: null,
  cardProblem: null,
  evidence: [unitTests()],
  deployments: [],
  limited: false,
  ...more,
});

describe('a dossier as a page', () => {
  it('has every section, and calls unknown what is not known', () => {
    const page = renderDossier(dossier());
    for (const text of [
      'Dossier: mlmodel:default/penguins 0.1.0',
      'Field work',
      'limited',
      'tests: unit',
      'The version was never requested in an environment.',
      'The version has no model card.',
    ]) {
      expect(page).toContain(text);
    }
    expect(page).toContain(
      '<tr><th scope="row">System</th><td><i>unknown</i></td></tr>',
    );
  });

  it('says why the card could not be read', () => {
    expect(renderDossier(dossier({ cardProblem: 'MLflow is down' }))).toContain(
      'The model card could not be read: MLflow is down',
    );
  });

  it('renders the text of others inert, wherever it stands', () => {
    const page = renderDossier(
      dossier({
        card: HOSTILE,
        version: fakeVersion(1, {
          version: HOSTILE,
          author: HOSTILE,
          reasons: [HOSTILE],
        }),
        evidence: [{ ...unitTests(), summary: HOSTILE }],
      }),
    );
    expect(page).not.toContain('<script');
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  });
});
