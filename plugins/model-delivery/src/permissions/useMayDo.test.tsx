import { screen, within } from '@testing-library/react';
import { renderPage } from '../__testUtils__/renderPage';
import { useBackend } from '../__testUtils__/server';
import { DeliveryTab } from '../pages/delivery';

// In a file of its own: answers about permissions are kept for two seconds, across pages.
describe('for who may only look', () => {
  useBackend();

  it('turns the buttons of one environment off and says why', async () => {
    await renderPage(<DeliveryTab />, {
      denied: [
        'model-delivery.deployment.create mlmodel:default/penguin-species#production',
      ],
    });
    const middle = within(
      await screen.findByRole('region', { name: 'Next for production' }),
    );
    expect(
      await middle.findByText(
        'You do not have permission to deploy in production. Ask the owners of the model.',
      ),
    ).toBeVisible();
    expect(
      middle.getByRole('button', { name: 'Promote to production…' }),
    ).toBeDisabled();
    const button = (environment: string, name: string) =>
      within(screen.getByRole('region', { name: environment })).getByRole(
        'button',
        { name },
      );
    expect(button('Production', 'Roll back…')).toBeEnabled();
    expect(button('Production', 'Deploy version…')).toBeDisabled();
    expect(button('Staging', 'Deploy version…')).toBeEnabled();
  });
});
