import { screen } from '@testing-library/react';
import { renderPage } from '../../__testUtils__/renderPage';
import { useBackend } from '../../__testUtils__/server';
import { SourcesPage } from './SourcesPage';

// In a file of its own: answers about permissions are kept for two seconds, across pages.
describe('the sources, for who may not see them', () => {
  useBackend();

  it('are not asked for, and the page says who can help', async () => {
    await renderPage(<SourcesPage />, {
      denied: ['model-delivery.source.read'],
    });
    expect(
      await screen.findByText('You do not have permission to see the sources'),
    ).toBeInTheDocument();
  });
});
