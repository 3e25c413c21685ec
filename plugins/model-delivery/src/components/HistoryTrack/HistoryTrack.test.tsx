import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { DAY, history, NOW } from '../../__testUtils__/fixtures';
import { HistoryTrack } from './HistoryTrack';

describe('HistoryTrack', () => {
  it('is one stop of the Tab key, walked with arrows across lanes', async () => {
    const opened: string[] = [];
    render(
      <HistoryTrack
        lanes={[
          { environment: 'production', intervals: history.production },
          { environment: 'staging', intervals: history.staging },
        ]}
        from={NOW - 30 * DAY}
        to={NOW}
        onOpen={id => opened.push(id)}
      />,
    );
    const bars = screen.getAllByRole('button');
    const stops = () => bars.filter(bar => bar.tabIndex === 0);
    await userEvent.tab();
    expect(bars[0]).toHaveFocus();
    await userEvent.keyboard('{ArrowLeft}');
    expect(bars[bars.length - 1]).toHaveFocus();
    expect(stops()).toEqual([bars[bars.length - 1]]);
    await userEvent.keyboard('{Home}{ArrowRight}{Enter}');
    expect(bars[1]).toHaveFocus();
    expect(opened).toHaveLength(1);
    await userEvent.tab();
    expect(document.body).toHaveFocus();
  });
});
