import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import { ago, runs, sources } from '../../__testUtils__/fixtures';
import { renderPage } from '../../__testUtils__/renderPage';
import { MODEL, server, useBackend } from '../../__testUtils__/server';
import { PipelinesTab } from './PipelinesTab';

/** A log that has two lines at first and a third when it is asked again. */
function answerLog(first: string[]) {
  const after: number[] = [];
  server.use(
    http.get(`${MODEL}/runs/run-212/log`, ({ request }) => {
      const from = Number(new URL(request.url).searchParams.get('after'));
      after.push(from);
      const texts = from === 0 ? first : ['the end'];
      return HttpResponse.json({
        lines: texts.map((text, index) => ({
          n: from + index + 1,
          at: ago(0),
          text,
        })),
        next: from + texts.length,
        ended: from > 0,
        truncated: false,
      });
    }),
  );
  return after;
}

describe('PipelinesTab', () => {
  useBackend();

  it('lists runs and filters them in the address', async () => {
    const asked: string[] = [];
    server.use(
      http.get(`${MODEL}/runs`, ({ request }) => {
        asked.push(new URL(request.url).search);
        return HttpResponse.json({ items: runs, sources });
      }),
    );
    const page = await renderPage(<PipelinesTab />);
    const row = await screen.findByRole('row', { name: /CI #213/ });
    expect(within(row).getByText('Rejected')).toBeVisible();
    await userEvent.click(screen.getByRole('radio', { name: 'Training' }));
    await waitFor(() => expect(page.address()).toBe('/?kind=training'));
    await waitFor(() =>
      expect(asked.some(s => s.includes('runKind=training'))).toBe(true),
    );
    await userEvent.click(screen.getByRole('link', { name: 'CI #212' }));
    await waitFor(() => expect(page.address()).toContain('run=run-212'));
  });

  it('draws parallel jobs on one axis and folds their group', async () => {
    answerLog(['hello']);
    await renderPage(<PipelinesTab />, { path: '/?run=run-212' });
    const [a, d] = await Promise.all(
      ['bar-train-a', 'bar-train-d'].map(id => screen.findByTestId(id)),
    );
    expect(a.style.left).toBe(d.style.left);
    expect(parseFloat(a.style.width)).toBeLessThan(parseFloat(d.style.width));
    expect(
      screen.getByText(/4 at once, took 2 min 52 s instead of/),
    ).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: /train, 4/ }));
    expect(screen.queryByTestId('bar-train-a')).not.toBeInTheDocument();
  });

  it('shows the log of a job, inert whatever is in it', async () => {
    answerLog([
      '\u001b[31mred\u001b[0m <img src=x onerror="window.hacked=1">',
      '\u001b]0;title\u0007\u001b[2Jafter',
    ]);
    const page = await renderPage(<PipelinesTab />, {
      path: '/?run=run-212&job=perf',
    });
    const log = await screen.findByRole('log');
    expect(log).toHaveTextContent('<img src=x onerror="window.hacked=1">');
    expect(log.querySelector('img')).toBeNull();
    expect(within(log).getByText('after')).toBeVisible();
    await userEvent.click(within(log).getByRole('link', { name: 'Line 2' }));
    await waitFor(() => expect(page.address()).toContain('line=2'));
  });

  it('walks the jobs with arrows, and goes on into the log of one', async () => {
    answerLog(['hello']);
    await renderPage(<PipelinesTab />, { path: '/?run=run-212&job=perf' });
    const log = await screen.findByRole('log');
    const jobs = within(
      screen.getByRole('toolbar', { name: 'Jobs over time' }),
    );
    const perf = jobs.getByRole('button', { name: /perf/ });
    perf.focus();
    await userEvent.keyboard('{ArrowUp}{ArrowDown}');
    expect(perf).toHaveFocus();
    await userEvent.keyboard('{Enter}');
    expect(log).toHaveFocus();
  });

  it('follows the log again at f, wherever the focus is', async () => {
    answerLog(['hello']);
    await renderPage(<PipelinesTab />, { path: '/?run=run-212&job=perf' });
    await screen.findByRole('log');
    const follow = screen.getByRole('button', { name: 'Follow' });
    expect(follow).toHaveAttribute('aria-pressed', 'false');
    await userEvent.keyboard('f');
    expect(follow).toHaveAttribute('aria-pressed', 'true');
  });

  it('shows what failed tests say as text', async () => {
    answerLog(['x']);
    await renderPage(<PipelinesTab />, { path: '/?run=run-212' });
    const evidence = await screen.findByRole('region', { name: 'Evidence' });
    expect(evidence).toHaveTextContent('<img src=x onerror=');
    expect(evidence.querySelector('img')).toBeNull();
    expect(within(evidence).getByText('1 failed, 18 passed')).toBeVisible();
  });

  it('says that there is no such run', async () => {
    await renderPage(<PipelinesTab />, { path: '/?run=nope' });
    server.use(
      http.get(`${MODEL}/runs/nope`, () =>
        HttpResponse.json(
          { error: { name: 'NotFoundError', message: 'No run' } },
          { status: 404 },
        ),
      ),
    );
    expect(await screen.findByText('Run not found')).toBeVisible();
  });
});
