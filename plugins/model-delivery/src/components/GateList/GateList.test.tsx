import { render, screen } from '@testing-library/react';
import { ago, HOUR } from '../../__testUtils__/fixtures/clock';
import { needsApprovalReport } from '../../__testUtils__/fixtures/deployments';
import { GateList } from './GateList';
import { Waits } from './Waits';

const [gate] = needsApprovalReport.gates;

describe('a list of gates', () => {
  it('shows where a value comes from, and its age', () => {
    render(
      <GateList
        gates={[
          { ...gate, source: 'evaluation report', observedAt: ago(3 * HOUR) },
        ]}
      />,
    );
    expect(screen.getByText(/^evaluation report/)).toHaveTextContent(
      'evaluation report, 3 h ago',
    );
  });

  it('shows no source where nothing was observed', () => {
    render(<GateList gates={[{ ...gate, source: null, observedAt: null }]} />);
    expect(screen.queryByRole('time')).not.toBeInTheDocument();
    expect(screen.getByText(gate.reason)).toHaveTextContent(
      new RegExp(`${gate.reason}$`),
    );
  });
});

describe('what a version waits for', () => {
  it('shows each wait, and when it ends where that is known', () => {
    render(
      <Waits
        waits={[
          {
            kind: 'soak',
            message: '1.4.0 soaks in staging.',
            until: ago(-2.5 * HOUR),
          },
          {
            kind: 'approvals',
            message: 'One approval is missing.',
            until: null,
          },
        ]}
      />,
    );
    const [soak, approvals] = screen.getAllByRole('status');
    expect(soak).toHaveTextContent('1.4.0 soaks in staging. It ends in 2 h.');
    expect(approvals).toHaveTextContent(/^One approval is missing\.$/);
  });
});
