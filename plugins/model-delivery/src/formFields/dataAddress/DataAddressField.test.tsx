import type { FieldExtensionComponentProps } from '@backstage/plugin-scaffolder-react';
import { screen } from '@testing-library/react';
import { http, HttpResponse } from 'msw';
import { renderPage } from '../../__testUtils__/renderPage';
import { BASE, failure, server, useBackend } from '../../__testUtils__/server';
import { DataAddressField } from './DataAddressField';

const field = (formData?: string) =>
  ({
    formData,
    onChange: () => {},
    schema: { title: 'Address of the CSV' },
  }) as unknown as FieldExtensionComponentProps<string>;

describe('DataAddressField', () => {
  useBackend();
  const hosts = ['data.example.com', 'github.com'];

  it('says before anything is typed which hosts are allowed, and where that is configured', async () => {
    server.use(
      http.get(`${BASE}/projects/data`, ({ request }) => {
        expect(new URL(request.url).searchParams.has('url')).toBe(false);
        return HttpResponse.json({ readable: null, reason: null, hosts });
      }),
    );
    await renderPage(<DataAddressField {...field()} />);
    expect(
      await screen.findByText(
        'Allowed hosts: data.example.com, github.com. They are configured by backend.reading.allow and integrations in app-config.',
      ),
    ).toBeVisible();
  });

  it.each([
    [
      { readable: true, reason: null, hosts },
      'The portal may read this address.',
    ],
    [
      { readable: false, reason: 'Not from nowhere.test.', hosts },
      'Not from nowhere.test. Allowed hosts: data.example.com, github.com.',
    ],
    [
      { readable: false, reason: 'Not from nowhere.test.', hosts: [] },
      'Not from nowhere.test. Allowed hosts: none.',
    ],
  ])('answers %j', async (answer, sentence) => {
    const asked: (string | null)[] = [];
    server.use(
      http.get(`${BASE}/projects/data`, ({ request }) => {
        asked.push(new URL(request.url).searchParams.get('url'));
        return HttpResponse.json(answer);
      }),
    );
    await renderPage(<DataAddressField {...field('https://x.test/a b.csv')} />);
    expect(await screen.findByText(sentence)).toBeVisible();
    expect(asked).toEqual(['https://x.test/a b.csv']);
  });

  it('does not take a check that failed for a yes or a no', async () => {
    server.use(
      http.get(`${BASE}/projects/data`, () => failure(500, 'Error', 'Broken')),
    );
    await renderPage(<DataAddressField {...field('https://x.test/a.csv')} />);
    expect(
      await screen.findByText(/^Could not check the address: /),
    ).toBeVisible();
  });
});
