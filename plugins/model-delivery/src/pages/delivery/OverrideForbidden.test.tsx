import { screen, within } from '@testing-library/react';
import { renderPage } from '../../__testUtils__/renderPage';
import { server, useBackend, withFailedGate } from '../../__testUtils__/server';
import { DeliveryTab } from './DeliveryTab';

// In a file of its own: permissions are cached for as long as a page is open.
describe('overriding gates without permission', () => {
  useBackend();

  it('is not offered', async () => {
    server.use(...withFailedGate);
    await renderPage(<DeliveryTab />, {
      denied: ['model-delivery.deployment.override'],
    });
    const next = within(
      await screen.findByRole('region', { name: 'Next for production' }),
    );
    expect(
      await next.findByText('Disabled while a gate fails.'),
    ).toBeInTheDocument();
    expect(
      next.queryByRole('button', { name: 'Override gates…' }),
    ).not.toBeInTheDocument();
  });
});
