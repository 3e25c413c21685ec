import type { EvidencePending } from '@slipway/plugin-model-delivery-common';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { http, HttpResponse } from 'msw';
import {
  penguins,
  versionEvidence,
  versions,
} from '../../__testUtils__/fixtures';
import { renderPage } from '../../__testUtils__/renderPage';
import {
  answer,
  failure,
  MODEL,
  server,
  useBackend,
} from '../../__testUtils__/server';
import { VersionsTab } from './VersionsTab';

describe('VersionsTab', () => {
  useBackend();

  it('lists versions with their metrics and why one was rejected', async () => {
    await renderPage(<VersionsTab />);
    const row = await screen.findByRole('row', { name: /1\.5\.0/ });
    expect(
      within(row).getByText('accuracy 0.833 < 0.92 on 138 holdout rows'),
    ).toBeVisible();
    expect(
      within(screen.getByRole('row', { name: /1\.3\.2/ })).getByText(
        'production',
      ),
    ).toBeVisible();
  });

  it('sorts by a metric', async () => {
    await renderPage(<VersionsTab />);
    await screen.findByRole('row', { name: /1\.5\.0/ });
    await userEvent.click(
      screen.getByRole('columnheader', { name: /accuracy/ }),
    );
    const rows = screen.getAllByRole('row').slice(1);
    expect(rows[0]).toHaveTextContent('1.5.0');
    expect(rows[rows.length - 1]).toHaveTextContent('1.3.2');
  });

  it('keeps the order in the address, and gives the metric of the trend a column', async () => {
    const page = await renderPage(<VersionsTab />, {
      path: '/?sort=version&order=ascending&metric=log_loss',
    });
    await screen.findByRole('row', { name: /1\.5\.0/ });
    const names = screen
      .getAllByRole('rowheader')
      .map(header => header.textContent);
    expect(names).toEqual([...names].sort());
    await userEvent.click(
      screen.getByRole('columnheader', { name: /log loss/ }),
    );
    await waitFor(() =>
      expect(page.address()).toContain('sort=metric%3Alog_loss'),
    );
  });

  /** The range of commits in the comparison of two versions. */
  async function findRange(compareUrl: string | null) {
    server.use(
      answer('', {
        ...penguins,
        repository: { cloneUrl: null, url: null, compareUrl },
      }),
    );
    await renderPage(<VersionsTab />, {
      path: '/?compare=1.3.2&compare=1.4.0',
    });
    return screen.findByText(/^[0-9a-f]{7}\.\.[0-9a-f]{7}$/);
  }

  it('links the range of commits where the code host has a page of it', async () => {
    const range = await findRange(
      'https://github.com/acme/penguins/compare/{from}...{to}',
    );
    expect(range.closest('a')).toHaveAttribute(
      'href',
      expect.stringMatching(/compare\/[0-9a-f]{40}\.\.\.[0-9a-f]{40}$/),
    );
  });

  it('offers the range of commits to be copied where there is no page', async () => {
    const range = await findRange(null);
    expect(range.closest('a')).toBeNull();
    expect(
      screen.getByRole('button', { name: 'Copy commit range' }),
    ).toBeVisible();
  });

  it('compares what is chosen, in the address', async () => {
    const page = await renderPage(<VersionsTab />);
    for (const name of [/1\.4\.0/, /1\.3\.2/]) {
      const row = await screen.findByRole('row', { name });
      await userEvent.click(within(row).getByRole('checkbox'));
    }
    await userEvent.click(
      screen.getByRole('button', { name: 'Compare 1.3.2 and 1.4.0' }),
    );
    await waitFor(() =>
      expect(page.address()).toBe('/?compare=1.3.2&compare=1.4.0'),
    );
    const compare = within(
      await screen.findByRole('region', { name: 'Compare' }),
    );
    expect(
      await compare.findByText('Level on accuracy, better on log loss.'),
    ).toBeVisible();
    expect(compare.getByRole('row', { name: /log loss/ })).toHaveTextContent(
      '−0.013 [−0.021, −0.005]',
    );
    expect(compare.getByText('Insufficient data: 4')).toBeVisible();
    expect(compare.getByText('- max_depth = 6')).toBeVisible();
  });

  it('renders a hostile card as words', async () => {
    await renderPage(<VersionsTab />, { path: '/?version=1.4.0' });
    const card = await screen.findByRole('region', { name: 'Model card' });
    expect(
      await within(card).findByText('species from measurements'),
    ).toBeVisible();
    expect(card.querySelector('script')).toBeNull();
    expect(card.querySelector('[onerror]')).toBeNull();
    for (const image of card.querySelectorAll('img')) {
      expect(image).not.toHaveAttribute('src', expect.stringContaining('evil'));
    }
    for (const link of card.querySelectorAll('a')) {
      // eslint-disable-next-line no-script-url
      expect(link.getAttribute('href') ?? '').not.toMatch(/^javascript:/);
    }
    expect(window).not.toHaveProperty('hacked');
  });

  it('shows a version at once, and what was proved about it when that is known', async () => {
    let evidencePending: EvidencePending | null = {
      versions: ['1.4.0'],
      problem: null,
    };
    server.use(
      http.get(`${MODEL}/versions/1.4.0`, () =>
        HttpResponse.json({
          ...versions.find(({ version }) => version === '1.4.0'),
          evidence: evidencePending ? [] : versionEvidence,
          evidencePending,
        }),
      ),
    );
    const page = await renderPage(<VersionsTab />, {
      path: '/?version=1.4.0',
    });
    const region = within(
      await screen.findByRole('region', { name: 'Version 1.4.0' }),
    );
    expect(
      region.getByText(
        'The evidence of 1.4.0 is being read from the registry.',
      ),
    ).toBeVisible();

    evidencePending = { versions: ['1.4.0'], problem: 'MLflow is down.' };
    page.signal(penguins.changeKey);
    expect(
      await region.findByText(
        /evidence of 1\.4\.0 is not available: MLflow is down\./,
      ),
    ).toBeVisible();

    evidencePending = null;
    page.signal(penguins.changeKey);
    expect(await region.findByText('42 passed')).toBeVisible();
    expect(region.queryByText(/The evidence of/)).toBeNull();
  });

  describe('the dossier', () => {
    const saved: { name: string; page: Blob }[] = [];
    beforeEach(() => {
      saved.length = 0;
      let page: Blob;
      URL.createObjectURL = blob => {
        page = blob as Blob;
        return 'blob:dossier';
      };
      URL.revokeObjectURL = () => undefined;
      jest
        .spyOn(HTMLAnchorElement.prototype, 'click')
        .mockImplementation(function click(this: HTMLAnchorElement) {
          saved.push({ name: this.download, page });
        });
    });
    afterEach(() => jest.restoreAllMocks());
    const download = async () => {
      await renderPage(<VersionsTab />, { path: '/?version=1.4.0' });
      await userEvent.click(
        await screen.findByRole('button', { name: 'Download dossier' }),
      );
    };

    it('is saved as a file named after model and version', async () => {
      server.use(
        http.get(
          `${MODEL}/versions/1.4.0/dossier.html`,
          () => new HttpResponse('<!doctype html>'),
        ),
      );
      await download();
      await waitFor(() => expect(saved).toHaveLength(1));
      expect(saved[0].name).toBe('penguin-species-1.4.0-dossier.html');
      expect(saved[0].page.type).toBe('text/html');
    });

    it('says why it was not made', async () => {
      server.use(
        http.get(`${MODEL}/versions/1.4.0/dossier.html`, () =>
          failure(500, 'Error', 'down'),
        ),
      );
      await download();
      expect(await screen.findByRole('alert')).toHaveTextContent(
        /^The dossier was not made\./,
      );
      expect(saved).toEqual([]);
    });
  });

  it('says that there is no such version, and which is the newest', async () => {
    await renderPage(<VersionsTab />, { path: '/?version=9.9.9' });
    expect(await screen.findByText('Version not found')).toBeVisible();
  });
});
