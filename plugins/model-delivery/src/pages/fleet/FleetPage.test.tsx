import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { fleet, sources } from '../../__testUtils__/fixtures';
import { renderPage } from '../../__testUtils__/renderPage';
import { BASE, failure, server, useBackend } from '../../__testUtils__/server';
import { FleetPage } from './FleetPage';

const counts = {
  all: 5012,
  unhealthy: 14,
  blocked: 31,
  drifting: 22,
  stale: 9,
  unowned: 6,
};
const facets = {
  owner: ['group:default/ml-platform', 'group:default/growth'],
  type: ['classification'],
  lifecycle: ['production'],
  environment: ['production', 'staging'],
};

/** Answers with the fleet and remembers what was asked. */
function answerFleet(items = fleet, known = counts) {
  const asked: URLSearchParams[] = [];
  server.use(
    http.get(`${BASE}/models`, ({ request }) => {
      asked.push(new URL(request.url).searchParams);
      return HttpResponse.json({
        items,
        totalItems: known.all,
        sources,
        counts: known,
        atLeast: { totalItems: false, counts: false },
        facets,
      });
    }),
  );
  return asked;
}

describe('FleetPage', () => {
  useBackend();

  it('shows a row a model, with the trouble in words', async () => {
    answerFleet();
    await renderPage(<FleetPage />);
    const row = await screen.findByRole('row', { name: /churn-risk/ });
    expect(within(row).getByText('1 critical of 10')).toBeInTheDocument();
    expect(screen.getByText('no owner')).toBeInTheDocument();
    expect(
      within(screen.getByRole('row', { name: /tariff-advisor/ })).getByText(
        'Not configured',
      ),
    ).toBeInTheDocument();
    expect(screen.getByRole('button', { name: /31/ })).toHaveTextContent(
      'a gate failed',
    );
  });

  it('asks for what the address says', async () => {
    const asked = answerFleet();
    await renderPage(<FleetPage />, {
      path: '/?attention=blocked&sort=lastRun&order=desc&offset=40&cursor=c2&owner=group:default/growth&environment=staging',
    });
    await screen.findByRole('row', { name: /churn-risk/ });
    expect(Object.fromEntries(asked[0])).toEqual({
      attention: 'blocked',
      sort: 'lastRun',
      order: 'desc',
      cursor: 'c2',
      owner: 'group:default/growth',
      environment: 'staging',
      limit: '20',
    });
  });

  it('puts every filter into the address and starts at the first page again', async () => {
    const asked = answerFleet();
    const page = await renderPage(<FleetPage />, {
      path: '/?offset=40&cursor=c2',
    });
    await screen.findByRole('row', { name: /churn-risk/ });
    await userEvent.click(screen.getByRole('button', { name: /Blocked/ }));
    await waitFor(() => expect(page.address()).toBe('/?attention=blocked'));
    await userEvent.keyboard('/');
    expect(screen.getByRole('searchbox')).toHaveFocus();
    await userEvent.keyboard('ranknet');
    await waitFor(() =>
      expect(page.address()).toBe('/?attention=blocked&search=ranknet'),
    );
    await waitFor(() =>
      expect(asked[asked.length - 1].get('search')).toBe('ranknet'),
    );
    await userEvent.click(
      screen.getByRole('columnheader', { name: /Last pipeline/ }),
    );
    await waitFor(() => expect(page.address()).toContain('sort=lastRun'));
  });

  it('filters by where something is live', async () => {
    const asked = answerFleet();
    const page = await renderPage(<FleetPage />);
    await screen.findByRole('row', { name: /churn-risk/ });
    await userEvent.click(screen.getByRole('button', { name: /Live in/ }));
    await userEvent.click(
      await screen.findByRole('option', { name: 'Live in: production' }),
    );
    await waitFor(() =>
      expect(page.address()).toBe('/?environment=production'),
    );
    await waitFor(() =>
      expect(asked[asked.length - 1].get('environment')).toBe('production'),
    );
  });

  it.each([
    ['/', ['Staging', 'Canary', 'Production']],
    [
      '/?environment=development',
      ['Development', 'Staging', 'Canary', 'Production'],
    ],
  ])(
    'shows the last environments and the one filtered by: %s',
    async (path, shown) => {
      const [model] = fleet;
      answerFleet([
        {
          ...model,
          environments: ['development', 'staging', 'canary', 'production'].map(
            name => ({ ...model.environments[0], name }),
          ),
        },
      ]);
      await renderPage(<FleetPage />, { path });
      await screen.findByRole('row', { name: /churn-risk/ });
      expect(
        screen
          .getAllByRole('columnheader')
          .map(header => header.textContent)
          .slice(1, shown.length + 1),
      ).toEqual(shown);
    },
  );

  it('goes from the search into the rows, and opens one, by keyboard alone', async () => {
    answerFleet();
    const page = await renderPage(<FleetPage />);
    await screen.findByRole('row', { name: /churn-risk/ });
    await userEvent.keyboard('/');
    await userEvent.keyboard('{ArrowDown}');
    expect(screen.getByRole('row', { name: /churn-risk/ })).toHaveFocus();
    await userEvent.keyboard('{ArrowDown}{Enter}');
    await waitFor(() =>
      expect(page.address()).toBe(
        '/catalog/default/mlmodel/energy-demand/delivery',
      ),
    );
  });

  it('opens Delivery from anywhere in a row', async () => {
    answerFleet();
    const page = await renderPage(<FleetPage />);
    const row = await screen.findByRole('row', { name: /churn-risk/ });
    await userEvent.click(within(row).getAllByRole('gridcell')[1]);
    await waitFor(() =>
      expect(page.address()).toBe(
        '/catalog/default/mlmodel/churn-risk/delivery',
      ),
    );
  });

  it('says that the filters are the reason, and clears them', async () => {
    answerFleet([]);
    const page = await renderPage(<FleetPage />, {
      path: '/?attention=unhealthy&search=ranknet',
    });
    expect(await screen.findByText('No matching models')).toBeInTheDocument();
    expect(screen.getByText(/Of 5,012 models, none is/)).toHaveTextContent(
      'unhealthy and called “ranknet”',
    );
    await userEvent.click(
      screen.getByRole('button', { name: 'Clear filters' }),
    );
    await waitFor(() => expect(page.address()).toBe('/'));
  });

  it('shows the way in where there is no model at all', async () => {
    answerFleet([], { ...counts, all: 0 });
    await renderPage(<FleetPage />);
    expect(await screen.findByText('Add your first model')).toBeInTheDocument();
    expect(screen.getByText('Connected: Local engine')).toBeInTheDocument();
  });

  it('says what came back where nothing is known', async () => {
    server.use(
      http.get(`${BASE}/models`, () =>
        failure(403, 'NotAllowedError', 'Only members of ml-platform'),
      ),
    );
    await renderPage(<FleetPage />);
    expect(
      await screen.findByText('Only members of ml-platform'),
    ).toBeInTheDocument();
    expect(
      screen.getByText(/NotAllowedError · status 403/),
    ).toBeInTheDocument();
  });
});
