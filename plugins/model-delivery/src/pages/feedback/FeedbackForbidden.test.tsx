import { screen } from '@testing-library/react';
import { renderPage } from '../../__testUtils__/renderPage';
import { useBackend } from '../../__testUtils__/server';
import { FeedbackPage } from './FeedbackPage';

// A file of its own: the host remembers what somebody may do.
describe('FeedbackPage, for somebody who may not switch it', () => {
  useBackend();

  it('names the permission, and asks the backend nothing', async () => {
    await renderPage(<FeedbackPage />, {
      denied: ['model-delivery.feedback.control-all'],
    });
    expect(
      await screen.findByText('model-delivery.feedback.control-all'),
    ).toBeVisible();
    expect(screen.queryByRole('button')).toBeNull();
  });
});
