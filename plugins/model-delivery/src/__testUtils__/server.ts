import { queryClient } from '../api';
import { setupServer } from 'msw/node';
import { http, HttpResponse, type JsonBodyType } from 'msw';
import {
  asDetail,
  audit,
  comparison,
  deployments,
  events,
  failedReport,
  figuresOf,
  history,
  hostileCard,
  impact,
  needsApprovalReport,
  noFeedback,
  penguins,
  penguinSignature,
  production,
  runs,
  runWithJobs,
  seriesOf,
  sources,
  staging,
  versionEvidence,
  versions,
} from './fixtures';

export const BASE = 'http://backend.test/api/model-delivery/v1';
export const MODEL = `${BASE}/models/default/penguin-species`;

const list = (items: unknown[]) => ({
  items,
  totalItems: items.length,
  sources,
  staging,
});

/** The answer of an operation, for a test that wants another one. */
export const answer = (
  path: string,
  body: JsonBodyType,
  method: 'get' | 'post' = 'get',
) => http[method](`${MODEL}${path}`, () => HttpResponse.json(body));

/** An error as Backstage's middleware writes it. */
export const failure = (
  status: number,
  name: string,
  message: string,
): HttpResponse<JsonBodyType> =>
  HttpResponse.json(
    {
      error: { name, message },
      request: { method: 'GET', url: '/' },
      response: { statusCode: status },
    },
    { status },
  );

/** A backend that knows one model and answers everything that its pages ask. */
export const server = setupServer(
  http.get(MODEL, () => HttpResponse.json(penguins)),
  http.get(`${BASE}/onboarding/models`, () => HttpResponse.json({ items: [] })),
  answer('/events', list(events)),
  http.get(`${MODEL}/deployments/:id`, ({ params }) => {
    const known = deployments.find(({ id }) => id === params.id);
    return known
      ? HttpResponse.json(asDetail(known))
      : failure(404, 'NotFoundError', 'Deployment not found');
  }),
  http.get(`${MODEL}/environments/:environment/history`, ({ params }) =>
    HttpResponse.json(list(history[String(params.environment)] ?? [])),
  ),
  http.get(`${MODEL}/environments/:environment/figures`, ({ params }) =>
    HttpResponse.json(figuresOf(String(params.environment))),
  ),
  answer('/environments/production/gates', {
    ...needsApprovalReport,
    evidencePending: null,
  }),
  http.get(`${MODEL}/environments/:environment/impact`, () =>
    HttpResponse.json(impact),
  ),
  answer('/versions/compare', { ...comparison, evidencePending: null }),
  answer('/versions', list(versions)),
  http.get(
    `${MODEL}/versions/:version/card`,
    () => new HttpResponse(hostileCard),
  ),
  http.get(`${MODEL}/versions/:version/signature`, () =>
    HttpResponse.json(penguinSignature),
  ),
  http.get(`${MODEL}/versions/:version`, ({ params }) => {
    const known = versions.find(({ version }) => version === params.version);
    return known
      ? HttpResponse.json({
          ...known,
          evidence: versionEvidence,
          evidencePending: null,
        })
      : failure(404, 'NotFoundError', 'Version not found');
  }),
  answer('/audit', audit),
  answer('/incidents', { ...list([]), feedback: noFeedback }),
  answer('/runs', list(runs)),
  answer('/runs/run-212', runWithJobs),
  answer('/runs/run-212/log', {
    lines: [],
    next: 0,
    ended: true,
    truncated: false,
  }),
  http.get(`${MODEL}/monitors/:monitor/series`, ({ params }) => {
    const monitor = penguins.monitors.find(
      ({ name, environment }) =>
        name === params.monitor && environment === 'production',
    );
    return HttpResponse.json(seriesOf(monitor!, 3_600_000));
  }),
);

/** Starts the backend for the tests of a file. */
export function useBackend() {
  beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
  afterEach(() => server.resetHandlers());
  afterAll(() => {
    queryClient.clear();
    server.close();
  });
}

/** The candidate for production fails one of its gates. */
export const withFailedGate = [
  answer('', {
    ...penguins,
    environments: [staging, { ...production, candidateGates: failedReport }],
  }),
  answer('/environments/production/gates', {
    ...failedReport,
    evidencePending: null,
  }),
];
