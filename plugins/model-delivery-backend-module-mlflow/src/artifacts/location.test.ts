import { notServed, servedPath } from './location';

const HOST = 'mlflow.example.com:5000';

describe('where artifacts are', () => {
  it.each([
    ['mlflow-artifacts:/1/abc/artifacts', '1/abc/artifacts'],
    ['mlflow-artifacts:/1//abc/', '1/abc'],
    [`mlflow-artifacts://${HOST}/1/abc`, '1/abc'],
    [`https://${HOST}/api/2.0/mlflow-artifacts/artifacts/1/abc`, '1/abc'],
  ])('%s is handed out by the server', (uri, path) => {
    expect(servedPath(uri, HOST)).toBe(path);
  });

  it.each([
    's3://bucket/model',
    'file:///etc/passwd',
    '/srv/mlruns/1/abc',
    'mlflow-artifacts://elsewhere.example.com/1/abc',
    'mlflow-artifacts:/',
    'mlflow-artifacts:/1/../../etc',
    'https://elsewhere.example.com/api/2.0/mlflow-artifacts/artifacts/1/abc',
    `https://${HOST}/other/1/abc`,
    'models:/m-1',
    '',
  ])('%s is not', uri => {
    expect(servedPath(uri, HOST)).toBeNull();
  });

  it('is shown without possible credentials', () => {
    expect(
      notServed('MLflow', 'wasbs://key:secret@account/x').message,
    ).not.toContain('secret');
    expect(notServed('MLflow', null).message).toContain('does not say');
  });
});
