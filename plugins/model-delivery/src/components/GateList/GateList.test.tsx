import { render, screen } from '@testing-library/react';
import { ago, HOUR } from '../../__testUtils__/fixtures/clock';
import { needsApprovalReport } from '../../__testUtils__/fixtures/deployments';
import { GateList } from './GateList';

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
