import aliasMissing from '../__fixtures__/alias_get_missing.json';
import badFilter from '../__fixtures__/search_bad_filter.json';
import badHost from '../__fixtures__/error_bad_host.json';
import badToken from '../__fixtures__/search_bad_token.json';
import forbidden from '../__fixtures__/auth_forbidden_write.json';
import modelMissing from '../__fixtures__/error_model_not_found.json';
import noCredentials from '../__fixtures__/auth_none.json';
import unknownRoute from '../__fixtures__/error_unknown_route.json';
import versionMissing from '../__fixtures__/error_version_not_found.json';
import { explainAs } from './explain';

const explain = ({ status, body }: { status: number; body: unknown }) =>
  explainAs('MLflow')({
    status,
    text: typeof body === 'string' ? body : JSON.stringify(body),
  });

describe('what MLflow says went wrong', () => {
  it.each([
    [modelMissing, 'not-found', 'MLflow says: Registered Model with name=nope'],
    [versionMissing, 'not-found', 'MLflow says: Model Version (name='],
    // A bad request there; missing all the same.
    [aliasMissing, 'not-found', 'MLflow says: Registered model alias nobody'],
    [badFilter, 'bad-data', 'MLflow says: Expected a quoted string'],
    [badToken, 'bad-data', 'MLflow says: Invalid page token'],
    [badHost, 'forbidden', 'MLflow rejects this host name'],
  ])('%# keeps the sentence of the server', (answer, kind, message) => {
    expect(explain(answer)).toMatchObject({
      kind,
      message: expect.stringContaining(message),
    });
  });

  it('a server without artifact access is reported with the fix', () => {
    expect(
      explain({
        status: 503,
        body: 'Endpoint: /mlflow-artifacts/artifacts disabled due to the mlflow server running with `--no-serve-artifacts`. To enable artifacts server functionality, run `mlflow server` with `--serve-artifacts`',
      }),
    ).toMatchObject({ kind: 'unsupported' });
  });

  it.each([
    noCredentials,
    forbidden,
    unknownRoute,
    { status: 500, body: { error_code: 'INTERNAL_ERROR', message: 'x' } },
    { status: 404, body: [7] },
    { status: 404, body: 'null' },
  ])('is left to its status where that says enough: %#', answer => {
    expect(explain(answer)).toBeUndefined();
  });

  it('is cut where it is long', () => {
    const error = explain({
      status: 400,
      body: { error_code: 'X', message: `a\n${'b'.repeat(5_000)}` },
    });
    expect(error!.message.length).toBeLessThan(350);
    expect(error!.message).not.toContain('\n');
  });
});
